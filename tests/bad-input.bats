#!/usr/bin/env bats
# A file that cannot run leads to one line with the reason and the values, and status 126, or 127 if it does
# not exist. uexec maps nothing of it before it knows that the file can run.

# shellcheck disable=SC2030,SC2031 # run sets $output in the test that reads it
load helper
load images

# --- one test for each damage of elfgen that can be detected

@test "an empty file" {
    damaged empty-file 'the file is empty'
}

@test "the file ends in its first 16 bytes" {
    damaged cut-ident 'ELF header: the file ends inside it (8 of 64 bytes)'
}

@test "the file ends in the ELF header" {
    damaged cut-ehdr 'ELF header: the file ends inside it (60 of 64 bytes)'
}

@test "the file ends in the program headers" {
    # 64 + 2 * 56 - 4
    damaged cut-phdrs 'ELF header: 2 program headers at 0x40 are past the end of the file (0xac)'
}

@test "the file ends in the first segment" {
    damaged 'truncate 0x700' \
        'program header 0: offset 0x0 + file size 0x800 is past the end of the file (0x700)'
}

@test "the file ends after its magic" {
    damaged 'truncate 4' 'ELF header: the file ends inside it (4 of 64 bytes)'
}

@test "a wrong magic" {
    damaged bad-magic 'neither an ELF image nor a #! script (it begins with 7f 45 4c 47)'
}

@test "program headers of a wrong size" {
    damaged bad-phentsize 'ELF header: program header entry size is 64 (not 56)'
}

@test "no program headers" {
    damaged no-phdrs 'ELF header: no program headers'
}

@test "program headers past the end of the file" {
    damaged phdrs-past-end \
        'ELF header: 2 program headers at 0x2000 are past the end of the file (0x1010)'
}

@test "program headers whose end overflows" {
    # the sum is 2^64 - 8 + 112
    damaged phdrs-overflow \
        'ELF header: 2 program headers at 0xfffffffffffffff8 are past the end of the file (0x1010)'
}

@test "an entry point outside the segments" {
    damaged entry-outside 'entry point 0x505000 is in no executable PT_LOAD'
}

@test "an entry point in a segment that is not executable" {
    damaged 'ehdr e_entry=0x402008' 'entry point 0x402008 is in no executable PT_LOAD'
}

# The kernel starts an image with a wrong entry point, and the process dies there.
dies_natively() {
    run timeout 20 "$1"
    [ "$status" -eq 139 ]
}

# entry_refused KIND ENTRY: an image of this kind with this entry point.
entry_refused() {
    { $1 && echo "damage ehdr e_entry=$2"; } | generate
    dies_natively "$image"
    refused 126 "$image" "entry point $2 is in no executable PT_LOAD"
}

static_pie() {
    dynamic | grep -v '^interp'
}

@test "an entry point anywhere else, of every kind of program" {
    local kind
    # 0x1000 is right after the executable segment, 0x2008 in a segment that is not executable; then one far away, and
    # one that exceeds the last address once the bias is added
    entry_refused fixed 0x0
    entry_refused fixed 0x401000
    entry_refused fixed 0x402008
    for kind in fixed static_pie dynamic; do
        entry_refused $kind 0x7ffffffff000
        entry_refused $kind 0x8000000000000000
        entry_refused $kind 0xfffffffffffff000
    done
    for kind in static_pie dynamic; do
        entry_refused $kind 0x1000
        entry_refused $kind 0x2008
    done
}

@test "an entry point of the interpreter anywhere else" {
    local entry
    echo 'type exec
        interp ./ld.so
        load rx headers vaddr=0x400000 code=exit:42' | generate
    for entry in 0x1000 0x2008 0x8000000000000000 0xfffffffffffff000; do
        { static_pie && echo "damage ehdr e_entry=$entry"; } | generate ld.so
        dies_natively "$image"
        refused 126 "$image" "interpreter ./ld.so: entry point $entry is in no executable PT_LOAD"
    done
}

@test "an entry point in the last page of a segment, after its bytes, is the program's affair" {
    { fixed && echo 'damage ehdr e_entry=0x400ffd'; } | generate
    dies_natively "$image"
    run -139 "$UEXEC" "$image"
    [ -z "$output" ]
}

@test "an entry point at address 0 of a PIE that has code there" {
    echo 'type dyn
        load rx vaddr=0 code=exit:42' | generate
    run -42 "$image"
    run -42 "$UEXEC" "$image"
}

@test "a shared library is called one" {
    local option code message='a shared library, which has no entry point (it is 0x0): run a program that uses it'
    echo 'int a(void) { return 1; }' >a.c
    # also with the ELF header in the code's segment, as older linkers place it
    for code in separate-code noseparate-code; do
        gcc -shared -fpic -Wl,-z,$code -o liba.so a.c
        dies_natively ./liba.so
        refused 126 ./liba.so "$message"
        for option in --dry-run --compare --maps; do
            refused 126 ./liba.so "$message" "$UEXEC" $option ./liba.so
        done
        refused 126 /bin/true "interpreter ./liba.so: $message" "$UEXEC" --linker=./liba.so /bin/true
    done
}

@test "a shared library with an entry point runs: libc, ld.so" {
    local libc interpreter
    interpreter=$(readelf -lW /bin/true | sed -n 's/.*interpreter: \(.*\)]/\1/p')
    libc=$(ldd /bin/true | awk '$1 ~ /^libc\./ { print $3 }')
    diff <("$interpreter" --version) <("$UEXEC" "$interpreter" --version)
    [ -x "$libc" ] || skip "$libc may not be executed"
    diff <("$libc") <("$UEXEC" "$libc")
}

@test "no PT_LOAD" {
    damaged no-load 'no PT_LOAD among 2 program headers'
}

@test "segments that do not ascend" {
    damaged unsorted 'program header 1: address 0x400000 is below that of program header 0 (0x402000): PT_LOADs must ascend'
}

@test "segments that overlap" {
    damaged overlap 'program header 1: 0x400000-0x403000 overlaps program header 0 (0x400000-0x400800)'
}

@test "an offset that is misaligned" {
    damaged misaligned 'program header 1: address 0x402000 and offset 0x1001 are not the same modulo the page size (0x1000)'
}

@test "an address whose end overflows" {
    damaged vaddr-overflow 'program header 1: address 0xfffffffffffff000 + memory size 0x3000 overflows'
}

@test "an offset whose end overflows" {
    damaged offset-overflow 'program header 1: offset 0xfffffffffffff000 + file size 0x2000 overflows'
}

@test "a segment past the end of the file" {
    damaged filesz-past-end 'program header 1: offset 0x1000 + file size 0x10010 is past the end of the file (0x1010)'
}

@test "a file size above the memory size" {
    damaged filesz-over-memsz 'program header 1: file size 0x10 is more than memory size 0xf'
}

@test "a memory size near 2^64" {
    damaged huge-memsz 'program header 1: 0x402000-0xfffffffffffff000 is outside user space (it ends at 0x7ffffffff000)'
}

@test "an address in the kernel's half" {
    damaged kernel-space 'program header 1: 0xffff800000402000-0xffff800000405000 is outside user space (it ends at 0x7ffffffff000)'
}

@test "an address above user space" {
    damaged noncanonical 'program header 1: 0x800000402000-0x800000405000 is outside user space (it ends at 0x7ffffffff000)'
}

@test "an interpreter's name without its NUL" {
    damaged interp-unterminated "program header 1: interpreter's name does not end in NUL"
}

@test "an interpreter's name that is empty" {
    damaged interp-empty "program header 1: interpreter's name takes 1 bytes (2 to 4096)"
}

@test "an interpreter's name of no bytes" {
    damaged interp-no-size "program header 1: interpreter's name takes 0 bytes (2 to 4096)"
}

@test "an interpreter's name past the end of the file" {
    damaged interp-past-end "program header 1: interpreter's name at 0x2000 is past the end of the file (0x1010)"
}

@test "an interpreter's name that is too long" {
    damaged interp-too-long "program header 1: interpreter's name takes 4097 bytes (2 to 4096)"
}

@test "an interpreter's name whose end overflows" {
    { dynamic && echo 'damage phdr 1 offset=0xffffffffffffffff'; } | generate
    refused 126 "$image" "program header 1: interpreter's name at 0xffffffffffffffff is past the end of the file (0x1010)"
}

@test "segments that are all empty" {
    need_command strace
    generate <<'.'
type dyn
interp /lib64/ld-linux-x86-64.so.2
load rx vaddr=0x10000 filesz=0 memsz=0
.
    run -126 timeout 20 strace -o calls -e trace=mmap "$UEXEC" "$image"
    # the check finds it; otherwise a mapping of -0x10000 bytes would fail
    [[ "$output" == "uexec: $image: "* && "$output" != *'cannot map'* ]]
    run ! grep -vE '^mmap\(0x[567]0001|^\+\+\+' calls
}

@test "a memory size of 2^46: more than there is, by the kernel's count" {
    { fixed && echo 'damage huge-memsz-46'; } | generate
    run -126 timeout 20 "$UEXEC" "$image"
    [[ "$output" == "uexec: $image: program header 1: cannot map 0x400000000000 bytes at 0x402000 ("*")" ]]
}

@test "damages that the kernel allows are allowed" {
    { fixed && echo 'damage bad-align'; } | generate
    run -42 "$UEXEC" "$image"
    { fixed && echo 'damage ehdr ei_version=7 e_version=9 e_ehsize=3 ei_osabi=9'; } | generate other
    run -42 ./other
    run -42 "$UEXEC" ./other
}

@test "page zero is root's" {
    { fixed && echo 'damage zero-page'; } | generate
    [ "$(cat /proc/sys/vm/mmap_min_addr)" -gt 0 ] || skip "vm.mmap_min_addr is 0: it is everybody's"
    as_nobody
    refused 126 "$image" 'program header 0: cannot map 0x1000 bytes at 0x0 (Operation not permitted)'
}

@test "every damage of elfgen is in this file" {
    local name
    while read -r name; do
        grep -qE "^ *damaged '?$name |damage '?$name|'damage $name" "$BATS_TEST_FILENAME" || {
            echo "no test for $name"
            return 1
        }
    done < <("$elfgen" --list | awk '/^Damages/ { list = 1; next } list && NF && $1 != "phdr" { print $1 }')
}

@test "a damage is found by --dry-run and --compare as well" {
    local option
    { fixed && echo 'damage vaddr-overflow'; } | generate
    for option in --dry-run --compare --maps; do
        refused 126 "$image" 'program header 1: address 0xfffffffffffff000 + memory size 0x3000 overflows' \
            "$UEXEC" $option "$image"
    done
}

# --- machine, class and type

# elsewhere LINE... MESSAGE: an image with these lines in its description is refused.
elsewhere() {
    { printf '%s\n' "${@:1:$#-1}" && fixed | grep -v '^type'; } | generate
    refused 126 "$image" "${!#}"
    rm "$image"
}

@test "a program for another machine" {
    elsewhere 'machine aarch64' 'a 64-bit little-endian file for AArch64 (machine 183), not for 64-bit little-endian x86-64'
    elsewhere 'machine riscv' 'a 64-bit little-endian file for RISC-V (machine 243), not for 64-bit little-endian x86-64'
    elsewhere 'machine 999' 'a 64-bit little-endian file for an unknown machine (machine 999), not for 64-bit little-endian x86-64'
}

@test "a program of another class" {
    elsewhere 'class 32' 'machine i386' 'a 32-bit little-endian file for i386 (machine 3), not for 64-bit little-endian x86-64'
    # x32
    elsewhere 'class 32' 'machine x86_64' 'a 32-bit little-endian file for x86-64 (machine 62), not for 64-bit little-endian x86-64'
    elsewhere 'machine i386' 'damage ehdr ei_class=3' 'ELF header: unknown class (3)'
    elsewhere 'class 32' 'machine i386' 'damage cut-ehdr' 'ELF header: the file ends inside it (48 of 52 bytes)'
}

@test "a program of another byte order" {
    elsewhere 'data msb' 'machine 21' 'a 64-bit big-endian file for PowerPC64 (machine 21), not for 64-bit little-endian x86-64'
    elsewhere 'machine i386' 'damage ehdr ei_data=0' 'ELF header: unknown data encoding (0)'
}

@test "class and byte order are not looked at where the machine and the entry size are right" {
    { fixed && echo 'damage ehdr ei_class=0 ei_data=0 ei_version=0'; } | generate
    run -42 "$image"
    run -42 "$UEXEC" "$image"
}

@test "a file that is no program" {
    elsewhere 'type rel' 'ELF header: type 1 is not executable (ET_REL, a relocatable object: link it first)'
    elsewhere 'type core' 'ELF header: type 4 is not executable (ET_CORE, a core dump)'
    elsewhere 'type 0' 'ELF header: type 0 is not executable (ET_NONE)'
    elsewhere 'type 0xfe00' 'ELF header: type 65024 is not executable (unknown)'
}

# --- many and large

@test "more program headers than the kernel takes" {
    # 64 KiB / 56 is 1170.3
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
null repeat=1170
.
    [ "$(execve "$image")" = ENOEXEC ]
    refused 126 "$image" 'ELF header: 1171 program headers take 0x10028 bytes (0x10000 at the most)'
    { fixed && echo 'damage ehdr e_phnum=0xffff'; } | generate other
    refused 126 ./other 'ELF header: 65535 program headers take 0x37ffc8 bytes (0x10000 at the most)'
}

@test "as many program headers as the kernel takes" {
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
null repeat=169
load rw vaddr=0x480000 bytes=00 repeat=1000 step=0x2000
.
    # Linux 6.1 accepts a page of them, later kernels 64 KiB; uexec accepts 64 KiB under both
    [ "$(execve "$image")" = ENOEXEC ] || run -42 ./image
    run -42 "$UEXEC" "$image"
}

@test "an image on the tool's first place and on its second" {
    generate <<'.'
load rx headers vaddr=0x500000000000 code=exit:42
load rw vaddr=0x700000000000 filesz=0 memsz=0x1000
.
    run -126 timeout 20 "$UEXEC" "$image"
    [[ "$output" =~ ^uexec:\ \./image:\ program\ header\ [01]:\ 0x[57]00000000000-0x[57]00000001000\ lies\ on\ uexec\ itself\ \(0x[567]00000000000-0x[567]00040000000\)$ ]]
}

@test "segments far apart are mapped one by one, what lies between is nobody's" {
    generate <<'.'
load rw vaddr=0x400000 filesz=0x1000 memsz=0x1000
load rx headers vaddr=0x300000000000 code=exit:42
.
    run -42 "$image"
    run -42 "$UEXEC" "$image"
    # the tool's own place is between these two
    generate over <<'.'
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x7e0000000000 filesz=0x10 memsz=0x1000
.
    run -42 ./over
    run -42 "$UEXEC" ./over
}

@test "an image on the stack" {
    # without randomness the stack ends where user space does
    generate <<'.'
load rx headers vaddr=0x7ffffffde000 memsz=0x21000 code=exit:42
.
    refused 126 "$image" 'program header 0: 0x7ffffffde000-0x7fffffffff000 is taken by another mapping' \
        "$UEXEC" --no-aslr "$image" ||
        refused 126 "$image" 'program header 0: 0x7ffffffde000-0x7ffffffff000 is taken by another mapping' \
            "$UEXEC" --no-aslr "$image"
}

@test "an interpreter on the program" {
    generate ld.so <<'.'
load rx headers vaddr=0x400000 code=exit:43
.
    generate <<.
type exec
interp $PWD/ld.so
load rx headers vaddr=0x400000 code=exit:42
.
    refused 126 "$image" "interpreter $PWD/ld.so: program header 0: 0x400000-0x401000 is taken by another mapping"
}

@test "no room in the address space" {
    generate <<'.'
load rx headers vaddr=0x400000 filesz=0x800 fill=0xCC code=exit:42
load rw vaddr=0x402000 filesz=0x10 memsz=0x40000000
.
    refused 126 "$image" 'program header 1: cannot map 0x40000000 bytes at 0x402000 (Out of memory)' \
        bash -c 'ulimit -v 65536 && exec "$@"' - "$UEXEC" "$image"
}

@test "with ever more address space: a line each time, then it runs" {
    local size got status ran=0 refused=0
    fixed | generate
    for ((size = 64; size <= 4096; size += 32)); do
        # a program that the kernel kills before main() says nothing about uexec
        status=0
        (ulimit -v $size && exec "$UEXEC" --version) >/dev/null 2>&1 || status=$?
        [ "$status" -lt 128 ] || continue
        got=0
        (ulimit -v $size && exec "$UEXEC" "$image") >out 2>err || got=$?
        if [ "$got" -eq 42 ]; then
            ran=$((ran + 1))
            continue
        fi
        [[ "$got" -eq 125 || "$got" -eq 126 ]] && [ "$(wc -l <err)" -eq 1 ] && grep -q '^uexec: ' err
        [ $ran -eq 0 ]
        refused=$((refused + 1))
    done
    [ $ran -gt 0 ] && [ $refused -gt 0 ]
}

@test "no room for what the interpreter needs" {
    generate ld.so <<'.'
type dyn
load rx headers vaddr=0 filesz=0x800 fill=0xCC code=exit:42
load rw vaddr=0x2000 memsz=0x10000000
.
    generate <<.
type dyn
interp $PWD/ld.so
load rx headers vaddr=0 code=exit:42
.
    run -126 timeout 20 bash -c 'ulimit -v 65536 && exec "$@"' - "$UEXEC" "$image"
    # 0x2000 + 256 MiB, anywhere
    [[ "$output" == "uexec: $image: interpreter $PWD/ld.so: program header 0: cannot map 0x10002000 bytes"*" (Out of memory)" ]]
    [[ "$output" != *'at 0x0 '* ]]
}

# --- the interpreter

# interpreter PATH MESSAGE: a program that names it is refused.
interpreter() {
    generate <<.
type dyn
interp $1
load rx headers vaddr=0 code=exit:42
.
    refused 126 "$image" "interpreter $1: $2"
    rm -f "$image"
}

@test "an interpreter that is not there" {
    interpreter "$PWD/none" 'not found (No such file or directory)'
    interpreter "$BATS_TEST_FILENAME/none" 'not found (Not a directory)'
    interpreter none 'not found (No such file or directory)'
}

@test "an interpreter that is no regular file" {
    mkfifo fifo
    interpreter "$PWD/fifo" 'is a FIFO'
    interpreter "$PWD" 'is a directory'
    interpreter /dev/null 'is a character device'
}

@test "an interpreter that may not be executed" {
    fixed | generate ld.so
    chmod 0644 ld.so
    interpreter "$PWD/ld.so" 'may not be executed (mode 0644)'
}

@test "an interpreter that may not be read" {
    fixed | generate ld.so
    chmod 0711 ld.so
    as_nobody
    interpreter ./ld.so 'may be executed but not read, and uexec maps what it can read'
}

@test "an interpreter that is not ELF" {
    printf '#!/bin/sh\n' >ld.so
    chmod +x ld.so
    interpreter "$PWD/ld.so" 'neither an ELF image nor a #! script (it begins with 23 21 2f 62)'
    : >ld.so
    interpreter "$PWD/ld.so" 'the file is empty'
}

@test "an interpreter for another machine" {
    { echo 'machine aarch64' && fixed; } | generate ld.so
    interpreter "$PWD/ld.so" 'a 64-bit little-endian file for AArch64 (machine 183), not for 64-bit little-endian x86-64'
}

@test "an interpreter with an interpreter" {
    dynamic | generate ld.so
    interpreter "$PWD/ld.so" 'program header 1: an interpreter that names an interpreter (/lib64/ld-linux-x86-64.so.2)'
}

@test "an interpreter that is damaged" {
    { fixed && echo 'damage vaddr-overflow'; } | generate ld.so
    interpreter "$PWD/ld.so" 'program header 1: address 0xfffffffffffff000 + memory size 0x3000 overflows'
}

@test "a --linker that cannot be used" {
    dynamic | generate
    refused 126 "$image" 'interpreter ./none: not found (No such file or directory)' \
        "$UEXEC" --linker=./none "$image"
}

# --- files

@test "what is no regular file" {
    mkfifo fifo
    perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un("socket")) or die'
    refused 126 ./fifo 'is a FIFO'
    refused 126 ./socket 'is a socket'
    refused 127 . 'not found in PATH' env PATH=/none "$UEXEC" .
    refused 126 / 'is a directory'
    refused 126 /dev/zero 'is a character device'
}

@test "a file that is not there" {
    ln -s nowhere link
    ln -s loop loop
    refused 127 ./none 'not found (No such file or directory)'
    refused 127 ./link 'not found (No such file or directory)'
    refused 127 "$BATS_TEST_FILENAME/none" 'not found (Not a directory)'
    refused 126 ./loop 'cannot be opened (Too many levels of symbolic links)'
}

@test "a name that is too long" {
    local name
    name=./$(printf 'a%.0s' {1..256})
    refused 126 "$name" 'cannot be opened (Filename too long)'
    # a name longer than PATH_MAX still makes one line, with its first 4096 bytes
    name=$(printf './%.0s' {1..3000})
    refused 126 "${name:0:4096}" 'cannot be opened (Filename too long)' "$UEXEC" "$name"
}

@test "a name with a newline" {
    refused 127 './a?[31mb' 'not found (No such file or directory)' "$UEXEC" $'./a\n[31mb'
}

@test "a text file" {
    printf 'hello' >text
    printf 'h' >short
    chmod +x text short
    refused 126 ./text 'neither an ELF image nor a #! script (it begins with 68 65 6c 6c)'
    refused 126 ./short 'neither an ELF image nor a #! script (it begins with 68 00 00 00)'
}

@test "a file without execute permission" {
    fixed | generate
    chmod 0644 "$image"
    refused 126 "$image" 'may not be executed (mode 0644)'
}

@test "permissions, without privileges" {
    fixed | generate
    as_nobody
    chmod 0711 "$image"
    refused 126 "$image" 'may be executed but not read, and uexec maps what it can read'
    chmod 0744 "$image"
    refused 126 "$image" 'may not be executed (mode 0744)'
    chmod 0700 "$image"
    refused 126 "$image" 'cannot be opened (Permission denied)'
    mkdir -m 0700 private
    refused 126 ./private/image 'cannot be opened (Permission denied)'
}

@test "a file system mounted noexec" {
    need_root
    fixed | generate
    mkdir mounted
    unshare -m mount -t tmpfs -o noexec tmpfs mounted || skip "mount(2) is not permitted"
    refused 126 mounted/image 'is on a file system mounted noexec' unshare -m sh -c \
        "mount -t tmpfs -o noexec tmpfs mounted && cp -p image mounted && exec '$UEXEC' mounted/image"
}

# --- files that change during the load, system calls that fail

# shrink TO: runs "$image" and cuts the file to TO bytes after its headers have been checked and before any
# of it is mapped: strace stops the tool where it takes its random numbers.
shrink() {
    need_command strace
    strace -o calls -e trace=getrandom -e inject=getrandom:signal=SIGSTOP:when=1 "$UEXEC" "$image" \
        >out 2>err 3>&- &
    local tracer=$!
    for _ in {1..1000}; do
        ! grep -qs 'stopped by SIGSTOP' calls || break
        sleep 0.01
    done
    truncate -s "$1" "$image"
    pkill -CONT -P $tracer
    wait $tracer
}

@test "a file that shrinks before it is mapped: its last page" {
    local status=0
    fixed | generate
    shrink 4096 || status=$?
    [ $status -eq 126 ]
    [ "$(cat err)" = "uexec: $image: the file became shorter while it was being mapped" ]
    [ ! -s out ]
}

@test "a file that shrinks between its size and its headers" {
    # more program headers than the 1024 bytes that the tool reads at first
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
null repeat=19
.
    local size
    size=$(printf '0x%x' "$(stat -c %s "$image")")
    fault pread64:retval=0:when=2
    refused 126 "$image" "program headers: the file ends at 0x40 ($size when it was opened)"
}

@test "a file that shrinks between its headers and its interpreter's name" {
    # the interpreter's name is not in the part that the tool reads at first
    dynamic | sed '/^interp/s/$/ offset=0x2000/' | generate
    fault pread64:retval=0:when=2
    refused 126 "$image" "interpreter's name: the file ends at 0x2000 ($(printf '0x%x' "$(stat -c %s image)") when it was opened)"
}

@test "a file that is empty when it is read" {
    fixed | generate
    fault pread64:retval=0:when=1
    refused 126 "$image" 'the file is empty'
}

@test "a file that cannot be read" {
    fixed | generate
    fault pread64:error=EIO:when=1
    refused 126 "$image" 'cannot be read (I/O error)'
}

@test "reading is interrupted, and goes on" {
    dynamic | sed '/^interp/d' | generate
    fault pread64:error=EINTR:when=1+2
    run -42 "${before[@]}" "$UEXEC" "$image"
}

@test "a mapping that fails" {
    # the calls for this image: the tool's memory, each segment, the bss of the second
    fixed | generate
    fault mmap:error=ENOMEM:when=2
    refused 126 "$image" 'program header 0: cannot map 0x1000 bytes at 0x400000 (Out of memory)'
    fault mmap:error=ENOMEM:when=3
    refused 126 "$image" 'program header 1: cannot map 0x3000 bytes at 0x402000 (Out of memory)'
    fault mmap:error=ENOMEM:when=4
    refused 126 "$image" 'program header 1: cannot map 0x2000 bytes at 0x403000 (Out of memory)'
}

@test "code that may not be made executable" {
    fixed | generate
    # then the tool reads its own code from its file ...
    fault mprotect:error=EACCES
    run -42 "${before[@]}" "$UEXEC" "$image"
    # ... unless it cannot read that either
    fault mprotect:error=EACCES mremap:error=EPERM
    refused 126 "$image" 'memory may not be made executable (Permission denied)'
}

@test "no random numbers" {
    fixed | generate
    fault getrandom:error=EIO
    refused 125 "$image" 'no random bytes to be had'
}

@test "whatever system call fails, it is said in one line, or the program runs" {
    need_command strace
    need_file "$BUILD/samples/hello"
    cp "$BUILD/samples/hello" "$image"
    strace -o calls "$UEXEC" "$image" >expected
    # up to the first unmapping of the hand-over; ARCH_SET_FS belongs to libc's start, which would end
    local call number status ran=0 refused=0
    while read -r call number; do
        fault "$call:error=ENOMEM:when=$number"
        status=0
        timeout 20 "${before[@]}" "$UEXEC" "$image" >out 2>err || status=$?
        echo "$call $number: $status $(cat err)"
        if [ $status -eq 0 ]; then
            diff expected out
            [ ! -s err ]
            ran=$((ran + 1))
        else
            [[ $status -eq 125 || $status -eq 126 ]]
            [ "$(wc -l <err)" -eq 1 ] && grep -q '^uexec: .*[Mm]emory\|^uexec: .*random' err
            [ ! -s out ]
            refused=$((refused + 1))
        fi
    done < <(awk -F '(' '/^munmap\(0x[567]000/ { exit } !/^(execve|arch_prctl)/ { print $1, ++n[$1] }' calls)
    [ $ran -gt 0 ] && [ $refused -gt 10 ]
}

@test "past the point of no return a failure says why, and kills" {
    need_command strace
    fixed | generate
    # the munmap of the tool itself
    strace -o calls -e trace=munmap "$UEXEC" "$image" || [ $? -eq 42 ]
    local number
    number=$(awk '/^munmap\(0x[567]00000000000, / { print NR }' calls)
    local status=0
    fault "munmap:error=ENOMEM:when=$number"
    { "${before[@]}" "$UEXEC" "$image"; } 2>err || status=$?
    cat err
    [ $status -eq 137 ]
    [ "$(grep -c ^uexec: err)" -eq 1 ]
    grep -q "^uexec: $image: .*cannot unmap uexec" err
}
