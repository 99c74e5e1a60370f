#!/usr/bin/env bats
# Which linker a dynamic program gets, and the hand-off to rt. A stand-in replaces rt: a program that prints
# the hand-off, and obeys the protocol of --maps. It is installed in rt's place, beside a copy of uexec.

# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154 # Perl has dollar signs of its own; helper sets UEXEC
load helper

setup_file() {
    mkdir -p "$BATS_FILE_TMPDIR/bin" "$BATS_FILE_TMPDIR/lib/uexec"
    cd "$BATS_FILE_TMPDIR" || return 1
    cp "$UEXEC" bin/uexec
    # It prints the type of each entry of the auxiliary vector; the position of the hand-off, in bytes from
    # the bytes of AT_RANDOM, above which it ends; the hand-off; `fd N` for each open descriptor, `own fd N` for one
    # that execve would close. If a reader is announced, it then maps the library LIBRARY= by its program headers,
    # makes the program's relro read-only, and lets the reader look.
    cat >stand-in.c <<'.'
#include <elf.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <sys/mman.h>
#include <sys/syscall.h>
typedef unsigned long word;
static long call(long n, word a, word b, word c, word d, word e, word f)
{
    register word r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    __asm__ volatile("syscall" : "+a"(n) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return n;
}
static int begins(const char *text, const char *with)
{
    for (; *with != 0; text++, with++)
        if (*text != *with)
            return 0;
    return 1;
}
static void put(const char *text)
{
    word length = 0;
    while (text[length] != 0)
        length++;
    call(SYS_write, 1, (word)text, length, 0, 0, 0);
}
static void put_number(const char *before, word value)
{
    char digits[24], *at = digits + 23;
    *at = 0;
    *--at = '\n';
    do
        *--at = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    put(before);
    put(at);
}
static void map_library(const char *path)
{
    static Elf64_Ehdr header;
    static Elf64_Phdr phdr[16];
    long fd = call(SYS_open, (word)path, O_RDONLY, 0, 0, 0, 0);
    call(SYS_pread64, fd, (word)&header, sizeof header, 0, 0, 0);
    call(SYS_pread64, fd, (word)phdr, header.e_phnum * sizeof *phdr, header.e_phoff, 0, 0);
    word base = call(SYS_mmap, 0, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < header.e_phnum; i++) {
        word start = phdr[i].p_vaddr & -4096, end = phdr[i].p_vaddr + phdr[i].p_filesz;
        if (phdr[i].p_type == PT_LOAD)
            call(SYS_mmap, base + start, end - start,
                 (phdr[i].p_flags & PF_X ? PROT_EXEC : 0) | (phdr[i].p_flags & PF_W ? PROT_WRITE : 0)
                     | PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, phdr[i].p_offset & -4096);
    }
    call(SYS_close, fd, 0, 0, 0, 0, 0);
}
/* The program's PT_GNU_RELRO, read-only: as linkers do it. */
static void seal(const Elf64_Phdr *phdr, word count)
{
    word base = 0;
    for (word i = 0; i < count; i++) {
        if (phdr[i].p_type == PT_PHDR)
            base = (word)phdr - phdr[i].p_vaddr;
        if (phdr[i].p_type == PT_GNU_RELRO && base != 0)
            put_number("sealed, ", call(SYS_mprotect, (base + phdr[i].p_vaddr) & -4096,
                                        phdr[i].p_memsz, PROT_READ, 0, 0, 0));
    }
}
/* "ready 7 4242": the socket, the child. */
static void let_look(const char *at)
{
    word numbers[2] = {0, 0};
    char byte = 0;
    for (int i = 0; i < 2; i++)
        for (at++; *at >= '0' && *at <= '9'; at++)
            numbers[i] = numbers[i] * 10 + (word)(*at - '0');
    call(SYS_write, numbers[0], (word)&byte, 1, 0, 0, 0);
    while (call(SYS_read, numbers[0], (word)&byte, 1, 0, 0, 0) > 0)
        ;
    call(SYS_close, numbers[0], 0, 0, 0, 0, 0);
    put(call(SYS_wait4, numbers[1], 0, 0x40000000, 0, 0, 0) == (long)numbers[1] ? "the reader is gone\n"
                                                                                 : "no reader\n");
}
__attribute__((used)) static void start(word *stack)
{
    char **argument = (char **)(stack + 1 + stack[0] + 1);
    const char *note = 0, *random = 0, *library = 0;
    const Elf64_Phdr *phdr = 0;
    word phnum = 0;
    for (; *argument != 0; argument++)
        if (begins(*argument, "LIBRARY="))
            library = *argument + 8;
    for (word *auxv = (word *)(argument + 1);; auxv += 2) {
        put_number("type ", auxv[0]);
        note = auxv[0] == 0x55455845 ? (const char *)auxv[1] : note;
        phdr = auxv[0] == AT_PHDR ? (const Elf64_Phdr *)auxv[1] : phdr;
        phnum = auxv[0] == AT_PHNUM ? auxv[1] : phnum;
        random = auxv[0] == AT_RANDOM ? (const char *)auxv[1] : random;
        if (auxv[0] == AT_NULL)
            break;
    }
    if (note != 0) {
        put_number("below AT_RANDOM by ", (word)(random - note));
        put(note);
    }
    for (word fd = 0; fd < 1024; fd++)
        if (call(SYS_fcntl, fd, F_GETFD, 0, 0, 0, 0) >= 0)
            put_number(call(SYS_fcntl, fd, F_GETFD, 0, 0, 0, 0) & FD_CLOEXEC ? "own fd " : "fd ", fd);
    for (const char *at = note; at != 0 && *at != 0; at++)
        if ((at == note || at[-1] == '\n') && begins(at, "ready ")) {
            if (library != 0)
                map_library(library);
            seal(phdr, phnum);
            let_look(at + 5);
        }
    call(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call start\n");
.
    gcc -std=gnu11 -O1 -ffreestanding -fno-builtin -fno-stack-protector -nostdlib -static-pie -fPIE \
        -o lib/uexec/ld-uexec.so.1 stand-in.c
    printf 'int number = 7;\nint get(void) { return number; }\n' >library.c
    gcc -shared -nostdlib -fPIC -Wl,-Ttext-segment=0x20000 -o libseven.so library.c
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    here=$BATS_FILE_TMPDIR
    uexec=$here/bin/uexec
    stand_in=$here/lib/uexec/ld-uexec.so.1
    musl=$BUILD/samples/hello
    glibc=$BUILD/samples/hello.glibc
    need_file "$musl"
    need_file "$stand_in"
}

# interpreter_of PROGRAM: prints it, as readelf does.
interpreter_of() {
    readelf -lW "$1" | sed -n 's/.*interpreter: \(.*\)]/\1/p'
}

# chosen EXPECTED ARGUMENT...: --dry-run says that this interpreter is loaded.
chosen() {
    "$uexec" -n --json -o plan "${@:2}"
    [ "$(perl -MJSON::PP -0777 -ne 'print map { $_->{path} } grep { $_->{role} eq "interpreter" }
        @{decode_json($_)->{images}}' plan)" = "$1" ]
}

# linked_by PROGRAM PATH: makes a copy of a program that names another interpreter, no longer than the old one.
linked_by() {
    perl -0777 -pe 'BEGIN { ($old, $new) = splice @ARGV, 0, 2 }
        die "too long" if length $new > length $old;
        s/\Q$old\E\0/$new . "\0" x (length($old) - length($new) + 1)/e' "$(interpreter_of "$1")" "$2" "$1"
}

# told ARGUMENT...: prints the stand-in's output, without those lines of the hand-off that begin with a letter.
told() {
    "$uexec" "$@" >out
    sed -nE '/^(linker|trace|json|output|epoch|ready|stop)/p' out
}

# refused STATUS MESSAGE ARGUMENT...: uexec prints this one line and runs nothing.
refused() {
    local got=0
    "$uexec" "${@:3}" >out 2>err || got=$?
    diff <(printf 'uexec: %s\n' "$2") err
    [ "$got" -eq "$1" ]
    [ ! -s out ]
}

@test "auto: a program of musl's gets rt, one of glibc's the linker that it names" {
    chosen "$stand_in" "$musl"
    chosen "$stand_in" -l auto "$musl.exec"
    chosen "$(interpreter_of "$glibc")" "$glibc"
}

@test "auto: a program that names an ld-uexec.so.1 gets the very file, if it is there" {
    linked_by "$glibc" ./ld-uexec.so.1 >program
    chmod +x program
    chosen "$stand_in" ./program
    cp "$stand_in" .
    chosen ./ld-uexec.so.1 ./program
    [ "$(told ./program)" = "linker $PWD/./ld-uexec.so.1" ]
}

@test "rt and interp: whatever the program names" {
    chosen "$stand_in" -l rt "$glibc"
    chosen "$stand_in" --linker=rt "$musl"
    chosen "$(interpreter_of "$musl")" --linker=interp "$musl"
    chosen "$(interpreter_of "$glibc")" -l interp "$glibc"
    linked_by "$glibc" ./ld-uexec.so.1 >program
    chmod +x program
    cp "$stand_in" .
    chosen ./ld-uexec.so.1 -l interp ./program
}

@test "a PATH is that file; of the name ld-uexec.so.1 it is rt" {
    cp "$stand_in" other.so
    cp "$stand_in" ld-uexec.so.1
    chosen ./other.so --linker=./other.so "$glibc"
    [ -z "$(told --linker=./other.so "$glibc")" ]
    run ! grep -x 'type 1430607941' out
    [ "$(told --linker=./ld-uexec.so.1 "$glibc")" = "linker $PWD/./ld-uexec.so.1" ]
}

@test "--compare goes by what execve does" {
    strace -o /dev/null true 2>/dev/null || skip "ptrace is not to be had"
    run -0 "$uexec" --compare --json "$musl"
    [[ "$output" == *"\"$(readlink -f "$(interpreter_of "$musl")")\""* ]]
    [[ "$output" != *ld-uexec* ]]
}

@test "rt is found where it is built, before where it is installed" {
    mkdir -p bin build/lib
    cp "$uexec" uexec
    cp "$stand_in" build/lib
    ln -s ../uexec bin/link
    uexec=bin/link
    chosen "$PWD/build/lib/ld-uexec.so.1" "$musl"
}

@test "no rt: its own interpreter, and -v says why; --linker=rt says where it was looked for" {
    mkdir bin
    cp "$uexec" bin/uexec
    uexec=bin/uexec
    local why="no ld-uexec.so.1 ($PWD/bin/build/lib/ld-uexec.so.1: No such file or\
 directory; $PWD/lib/uexec/ld-uexec.so.1: No such file or directory)"
    refused 126 "$musl: $why: --linker=interp runs it under $(interpreter_of "$musl")" -l rt "$musl"
    run -126 "$uexec" -l rt "$glibc"
    for program in "$musl" "-l interp $musl" "$glibc" "$musl.static"; do
        # shellcheck disable=SC2086 # an option and a program
        run -0 --separate-stderr "$uexec" $program
        [[ "$output" == "Hello from hello"* && -z "$stderr" ]]
    done
    run -0 --separate-stderr "$uexec" -v "$musl"
    [[ "$stderr" == *"$why: it runs under its own interpreter, $(interpreter_of "$musl")"* ]]
    # if that is missing too, both are named
    sed "s|$(interpreter_of "$musl")|/lib/ld-musl-x86_64.so.1|; s|/lib/ld-musl|/nil/ld-musl|" \
        "$musl" >orphan
    chmod +x orphan
    refused 126 "./orphan: interpreter /nil/ld-musl-x86_64.so.1: not found (No such file or directory); and $why" ./orphan
}

# without_proc COMMAND...: where /proc is an empty folder
without_proc() {
    unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' - "$@"
}

@test "without /proc rt is found by the name that uexec was started by" {
    local uexec=$UEXEC # with the real rt
    need_root
    without_proc true || skip "file systems cannot be mounted here"
    run -0 --separate-stderr without_proc "$uexec" -v "$musl"
    [ "$output" = "Hello from hello" ]
    [[ "$stderr" == *"rt links it"* ]]
    ln -s "$uexec" absolute
    ln -s absolute relative
    mkdir folder
    ln -s ../relative folder/link
    for name in ./absolute ./relative folder/link; do
        run -0 without_proc "$name" -l rt "$musl"
        [ "$output" = "Hello from hello" ]
    done
    # a second start of uexec by itself uses that name too
    run -0 without_proc "$uexec" --no-aslr "$musl"
    [ "$output" = "Hello from hello" ]
    run -0 without_proc "$uexec" "$uexec" "$musl.static"
    [ "$output" = "Hello from hello.static" ]
    # the vDSO is found at any place in the layout
    local layout kind
    for layout in '' -L; do
        for kind in static-pie glibc.static-pie; do
            run -0 --separate-stderr without_proc setarch "$(uname -m)" $layout "$uexec" -v "$musl.$kind"
            [ "$output" = "Hello from hello.$kind" ]
            [[ "$stderr" != *vDSO* ]]
        done
    done
    # a script's name is not mistaken for uexec's
    printf '#!%s --no-aslr\n' "$uexec" >script
    chmod +x script
    run -125 timeout 20 unshare --mount sh -c 'mount -t tmpfs none /proc && exec ./script'
    [[ "$output" == *": --no-aslr: cannot start again (No such file or directory)" ]]
    # without rt beside it, it takes the program's own interpreter
    cp "$uexec" alone
    run -0 without_proc ./alone "$musl"
    [ "$output" = "Hello from hello" ]
    run -126 without_proc ./alone -l rt "$musl"
    [[ "$output" == *"$musl: no ld-uexec.so.1 (./build/lib/ld-uexec.so.1: "* ]]
}

@test "an rt that cannot be loaded is named" {
    mkdir -p bin lib/uexec
    cp "$uexec" bin/uexec
    uexec=bin/uexec
    cp "$stand_in" lib/uexec
    chmod -x lib/uexec/ld-uexec.so.1
    refused 126 "$musl: interpreter $PWD/lib/uexec/ld-uexec.so.1: may not be executed (mode 0644)" "$musl"
}

@test "a static program has nothing to link" {
    refused 125 "$musl.static: a static program: --linker=rt has nothing to link" -l rt "$musl.static"
}

# --- the hand-off

@test "the note names rt's own file, and says no more than was asked for" {
    [ "$(told "$musl")" = "linker $stand_in" ]
    [ "$(told --json --maps -o report --linker=rt -b now "$musl" | sed 's/^ready .*/ready/')" = \
        $'linker '"$stand_in"$'\nready' ]
}

@test "--stop: the note has the signal, and the line that is to be said; no line for a tracer" {
    local line
    line=$(told --stop "$musl" | grep '^stop ')
    [[ "$line" =~ ^'stop 19 uexec: '"$musl"': stopped when rt has linked it, before its first constructor, process '([0-9]+)': gdb '.*" $musl "([0-9]+)', or kill -CONT '([0-9]+)$ ]]
    [ "${BASH_REMATCH[1]} ${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]} ${BASH_REMATCH[3]}" ]
    # a name with a newline in it adds no lines
    local odd=$'new\nstop 9 line'
    cp "$musl" "$odd"
    [ "$(told --stop "./$odd" | grep -c '^stop ')" -eq 1 ]
    need_command strace
    run -0 strace -o /dev/null "$uexec" --stop "$musl"
    grep -qx 'stop 5 ' <<<"$output"
}

@test "the note is the last entry of auxv; its text ends where AT_RANDOM's bytes begin" {
    "$uexec" "$musl" >out
    # 0x55455845
    [ "$(grep '^type' out | tail -n 2 | tr '\n' ' ')" = 'type 1430607941 type 0 ' ]
    local below
    below=$(sed -n 's/^below AT_RANDOM by //p' out)
    ((below > ${#stand_in} + 8 && below < ${#stand_in} + 1024))
}

@test "nobody else gets one: not in auxv, not in the environment, not in /proc" {
    cp "$stand_in" other.so
    "$uexec" -l ./other.so "$musl" | grep '^type' >uexec.types
    # the kernel's own, under the same file
    linked_by "$glibc" ./other.so >program
    chmod +x program
    ./program | grep '^type' >native.types
    diff native.types uexec.types
    # the kernel is told as much of it as of an unhindered program's
    cat >length.c <<'.'
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv, char **envp)
{
    unsigned long pair[2];
    FILE *auxv = fopen("/proc/self/auxv", "rb");
    while (fread(pair, sizeof pair, 1, auxv) == 1 && pair[0] != 0)
        printf("%lu\n", pair[0]);
    for (; *envp != NULL; envp++)
        puts(*envp);
    return 0;
}
.
    gcc -o length length.c
    cp "$(interpreter_of "$glibc")" ld-uexec.so.1
    diff <(env -i A=1 ./length) <(env -i A=1 "$uexec" -l ./ld-uexec.so.1 ./length)
}

@test "the note: what is to be traced, and how" {
    local begin end epoch
    begin=$(awk '{ print int($1) }' /proc/uptime)
    told -t bind,load,search "$musl" >note 2>/dev/null
    end=$(awk '{ print int($1) + 1 }' /proc/uptime)
    epoch=$(sed -n 's/^epoch //p' note)
    [ "$(sed 's/^epoch .*/epoch/' note)" = $'linker '"$stand_in"$'\ntrace search,bind\nepoch' ]
    ((epoch >= begin * 1000000000 && epoch <= end * 1000000000))
    [ "$(told -t all --json "$musl" 2>/dev/null | sed -n 2,3p)" = $'trace search,reloc,bind,tls,init,dl,malloc\njson' ]
    # the loader's own lines do not concern rt
    [ "$(told -t load "$musl" 2>/dev/null)" = "linker $stand_in" ]
    # ... nor rt's the loader
    told -t tls "$musl" 2>err
    [ ! -s err ]
}

@test "the trace's file stays open for rt, out of the way, and no other does" {
    local fd
    told -t init -o trace "$musl" >note 3>&- 4>&-
    fd=$(sed -n 's/^output //p' note)
    ((fd >= 100))
    grep -qx "own fd $fd" out
    "$uexec" "$musl" >without 3>&- 4>&-
    diff <(grep 'fd ' without) <(grep 'fd ' out | grep -vx "own fd $fd")
    # with fewer descriptors than that, it stays where it was opened
    (ulimit -n 64 && told -t init -o trace "$musl") | grep -E '^output [0-9]{1,2}$'
    # a trace of only the load is over by then, unless rt starts uexec again; otherwise rt closes it
    told -t load -o trace "$musl" 3>&- 4>&-
    fd=$(sed -n 's/^report //p' out)
    ((fd >= 100))
    diff <(grep 'fd ' without) <(grep 'fd ' out | grep -vx "own fd $fd")
    told --rules=musl -t load -o trace "$musl" 3>&- 4>&-
    [ "$(grep -cE '^(again|report) ' out)" -eq 1 ]
}

@test "a trace that nobody would write is refused, but for all" {
    local step debug message
    # what glibc's linker reports of it; the test also sees that it prints something
    for step in search=libs reloc=reloc bind=bindings init=files dl=files tls=; do
        debug=${step#*=} step=${step%=*}
        message="$glibc: --trace=$step: only rt reports that, and this runs under $(interpreter_of "$glibc")"
        refused 125 "$message${debug:+: its own report is -E LD_DEBUG=$debug}" --trace=load,$step "$glibc"
        [ -z "$debug" ] || [ -n "$("$uexec" -E "LD_DEBUG=$debug" "$glibc" 2>&1 >/dev/null)" ]
    done
    # a linker that is neither rt nor glibc's
    linked_by "$glibc" ./other.so >program
    chmod +x program
    cp "$(interpreter_of "$glibc")" other.so
    refused 125 "./program: --trace=bind: only rt reports that, and this runs under ./other.so" -t bind ./program
    refused 125 "$musl: --trace=bind: only rt reports that, and this runs under\
 $(interpreter_of "$musl"): --linker=rt" -l interp -t all,bind -o trace "$musl"
    [ ! -e trace ]
    refused 125 "$musl.static: --trace=bind: only rt reports that, and this is a static program" \
        -t bind "$musl.static"
    run -0 --separate-stderr "$uexec" -t all "$glibc"
    [ "${output%% *}" = Hello ]
    run ! grep -v ' load: ' <<<"$stderr"
}

# --- --maps

@test "--maps waits for rt, and names what rt has mapped" {
    LIBRARY=$here/libseven.so "$uexec" --maps -o report "$musl" >out
    grep -qx 'sealed, 0' out
    grep -qx 'the reader is gone' out
    grep -q "^uexec: layout of $musl linked by ld-uexec.so.1, before the first constructor, process" report
    grep -qE 'r-xp .*libseven\.so +libseven\.so LOAD\[[0-9]\]: .*\.text' report
    grep -qE 'rw-p .*libseven\.so +libseven\.so LOAD\[[0-9]\]: .*\.data' report
    grep -q 'planned address ranges are mapped as planned' report
    run ! grep -E 'empty as yet|at hand-over' report
}

@test "--maps --json: the libraries among the images" {
    LIBRARY=$here/libseven.so "$uexec" --maps --json -o report "$musl" >out
    perl -MJSON::PP -0777 -ne '
        my $j = decode_json($_);
        print "$j->{when} ", join(" ", map { $_->{role} } @{$j->{images}}), "\n$j->{images}[2]{path}\n";
        my ($text) = grep { $_->{from} =~ /^libseven.so.*\.text/ } @{$j->{mappings}};
        printf "%x\n", hex($text->{start}) - hex($j->{images}[2]{bias})' report >got
    diff <(printf 'linked program interpreter library\n%s\n%x\n' "$here/libseven.so" \
        "$((16#$(readelf -SW "$here/libseven.so" | awk '$2 == ".text" || $3 == ".text" {
            sub(/.*PROGBITS */, ""); print $1 }') / 4096 * 4096))") got
}

@test "--maps: an rt that ends without a word leaves no report, and no child" {
    printf '#include <unistd.h>\nvoid _start(void) { __asm__("mov $231,%%eax\\nmov $3,%%edi\\nsyscall"); }\n' >ends.c
    gcc -nostdlib -static-pie -fPIE -fno-stack-protector -o ld-uexec.so.1 ends.c
    run -3 --separate-stderr timeout 10 "$uexec" -l ./ld-uexec.so.1 --maps "$musl"
    [ -z "$output$stderr" ]
}

@test "a linker whose name has the end of a line in it is refused: rt would be told of two things" {
    need_file "$BUILD/lib/ld-uexec.so.1"
    local folder=$BATS_TEST_TMPDIR/$'two\nlines'
    mkdir "$folder"
    cp "$BUILD/lib/ld-uexec.so.1" "$BUILD/lib/libc.so" "$folder"
    run -126 "$UEXEC" --linker="$folder/ld-uexec.so.1" "$musl"
    [[ ${#lines[@]} == 1 && $output == *'its name has the end of a line in it'* ]]
}
