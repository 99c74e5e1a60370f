#!/usr/bin/env bats
# elfgen against readelf, od, arithmetic, and the kernel that runs its images.

bats_require_minimum_version 1.5.0

setup() {
    elfgen="${BUILD:-$BATS_TEST_DIRNAME/../build}/tests/elfgen"
    image="$BATS_TEST_TMPDIR/image"
}

# Writes $image from the description on standard input.
generate() {
    "$elfgen" -o "$image"
}

# Prints field $2 (1 is the type) of program header number $1, from readelf.
phdr() {
    readelf -lW "$image" | awk -v n="$1" -v f="$2" '
        /VirtAddr/ { table = 1; next }
        table && / 0x/ && n-- == 0 { print $f; exit }'
}

# Starts $image, a `pause`, and waits until process $! executes it. Descriptor 3 is closed, because
# bats would wait for it.
start() {
    "$image" 3>&- &
    for _ in {1..500}; do
        [ "$(readlink "/proc/$!/exe")" != "$image" ] || return 0
        sleep 0.01
    done
    return 1
}

# The description must be refused with status 2 and exactly this message.
refused() {
    local message=$1
    run -2 "$elfgen" -o "$image"
    [ "$output" = "elfgen: stdin:$message" ]
    [ ! -e "$image" ]
}

@test "an image at a fixed address runs" {
    generate <<'.'
type exec
load rx headers vaddr=0x400000 code=exit:42
.
    run -42 "$image"
}

@test "a position-independent image runs" {
    generate <<'.'
type dyn
load rx headers vaddr=0 code=exit:7
.
    run -7 "$image"
}

@test "the ELF header says what was described" {
    generate <<'.'
type rel
machine aarch64
entry 0x1234
load r vaddr=0
null repeat=3
.
    run readelf -h "$image"
    [[ "$output" == *"Type:  "*REL* ]]
    [[ "$output" == *"Machine:  "*AArch64* ]]
    [[ "$output" == *"Entry point address:  "*0x1234* ]]
    [[ "$output" == *"Start of program headers:  "*" 64 "* ]]
    [[ "$output" == *"Number of program headers:  "*" 4"* ]]
}

@test "a type and a machine can be numbers" {
    printf '%s\n' 'type 0xfe12' 'machine 243' | generate
    [ "$(od -An -tx2 -j16 -N4 "$image")" = " fe12 00f3" ]
}

@test "program headers have their fields, in the order described" {
    generate <<'.'
note rw vaddr=0x10 paddr=0x20 offset=0x30 filesz=0x40 memsz=0x50 align=8
segment 0x6fff1234 x vaddr=0x777
stack rwx
.
    run readelf -lW "$image"
    [[ "${lines[*]}" == *"NOTE           0x000030 0x0000000000000010 0x0000000000000020 0x000040 0x000050 RW  0x8"* ]]
    [ "$(od -An -tx4 -j$((64 + 56)) -N8 "$image")" = " 6fff1234 00000001" ]
    [[ "${lines[*]}" == *"GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RWE 0x10"* ]]
}

@test "class 32 has 32-bit headers" {
    generate <<'.'
class 32
type exec
load rx headers vaddr=0x8048000 bytes=f4
entry 0x8048054
.
    run readelf -hlW "$image"
    [[ "$output" == *"Class:  "*ELF32* ]]
    [[ "$output" == *"Machine:  "*80386* ]]
    [[ "$output" == *"LOAD           0x000000 0x08048000 0x08048000 0x00055 0x00055 R E 0x1000"* ]]
}

@test "msb headers are big-endian" {
    generate <<'.'
data msb
machine 21
entry 0x102030405
load r headers vaddr=0x10000000
.
    run readelf -hlW "$image"
    [[ "$output" == *"big endian"* ]]
    [[ "$output" == *"Machine:  "*PowerPC64* ]]
    [[ "$output" == *"0x102030405"* ]]
    [[ "$output" == *"LOAD           0x000000 0x0000000010000000"* ]]
}

@test "bss is zero in the page that it shares with the file's bytes, and after it" {
    generate <<'.'
gaps 0xbb
size 0x3000
load rx headers vaddr=0x400000 code=zero:0x402010,0x2ff0
load rw vaddr=0x402000 filesz=0x10 memsz=0x3000 fill=0xAA
.
    [ "$(od -An -tx1 -j$((0x100f)) -N2 "$image")" = " aa bb" ]
    run -0 "$image"
}

@test "bss is found in a position-independent image, too" {
    generate <<'.'
type dyn
load rx headers vaddr=0 code=zero:0x2010,0x2ff0
load rw vaddr=0x2000 filesz=0x10 memsz=0x3000 fill=0xAA
.
    run -0 "$image"
}

@test "zero says 1 when one byte of the range is not" {
    generate <<'.'
load rx headers vaddr=0x400000 code=zero:0x40200f,2
load rw vaddr=0x402000 filesz=0x10 memsz=0x3000 fill=0xAA
.
    run -1 "$image"
}

@test "byte compares one byte" {
    for expected in 0xAA:0 0xAB:1; do
        generate <<.
type dyn
load rx headers vaddr=0 code=byte:0x200f,${expected%:*}
load rw vaddr=0x2000 filesz=0x10 fill=0xAA
.
        run "-${expected#*:}" "$image"
    done
}

@test "write writes its text" {
    generate <<'.'
load rx headers vaddr=0x400000 code="write:a = b # c\n\0\x41"
.
    "$image" | cmp - <(printf 'a = b # c\n\0A')
}

@test "pause can be looked at from outside" {
    generate <<'.'
load rx headers vaddr=0x400000 code=pause
load rw vaddr=0x600000 filesz=0x10
.
    start
    run cut -d' ' -f1-3 "/proc/$!/maps"
    kill $!
    [ "${lines[0]}" = "00400000-00401000 r-xp 00000000" ]
    [ "${lines[1]}" = "00600000-00601000 rw-p 00001000" ]
}

@test "maps prints the address space" {
    generate <<'.'
load rx headers vaddr=0x400000 code=maps
.
    run -0 "$image"
    [[ "${lines[0]}" == "00400000-00401000 r-xp 00000000 "*"$image" ]]
    [[ "$output" == *"[stack]"* ]]
}

@test "auxv prints the stack from argc to the end of auxv" {
    generate <<'.'
load rx headers vaddr=0x400000 code=auxv
entry 0x400080
.
    env -i A=1 "$image" one two >"$BATS_TEST_TMPDIR/stack"
    run -0 od -An -v -tu8 -w8 "$BATS_TEST_TMPDIR/stack"
    words=(${lines[*]})
    [ "${words[0]}" -eq 3 ]
    [ "${words[4]}" -eq 0 ]
    [ "${words[6]}" -eq 0 ]
    declare -A auxv
    for ((i = 7; i < ${#words[*]}; i += 2)); do
        auxv[${words[i]}]=${words[i + 1]}
    done
    [ "${words[-2]}" -eq 0 ]
    [ "${auxv[3]}" -eq $((0x400040)) ] # AT_PHDR
    [ "${auxv[9]}" -eq $((0x400080)) ] # AT_ENTRY
    [ $(((${#words[*]} - 7) % 2)) -eq 0 ]
}

@test "registers are those at the entry" {
    generate <<'.'
load rx headers vaddr=0x400000 code=registers
.
    "$image" >"$BATS_TEST_TMPDIR/registers"
    run -0 od -An -v -tx8 -w8 "$BATS_TEST_TMPDIR/registers"
    [ "${#lines[*]}" -eq 17 ]
    for i in {0..6} {8..15}; do
        [ "${lines[i]}" = " 0000000000000000" ] # the kernel clears all but rsp and rflags
    done
    [[ "${lines[7]}" == " 00007f"*0 ]]
}

@test "2 MiB alignment, and the file has a hole for it" {
    generate <<'.'
type dyn
load rx headers vaddr=0 code=byte:0x400000,0xAA align=0x200000
load rw vaddr=0x400000 filesz=1 fill=0xAA align=0x200000
.
    [ "$(phdr 1 2)" = 0x200000 ]
    [ "$(stat -c %b "$image")" -le 32 ]
    run -0 "$image"
}

@test "two segments share one page of the file" {
    generate <<'.'
load rx headers vaddr=0x400000 code=byte:0x401200,0xAA
load rw vaddr=0x401200 filesz=0x10 fill=0xAA
.
    [ "$(phdr 1 2)" = 0x000200 ]
    run -0 "$image"
}

@test "the first segment need not be at the file's beginning" {
    generate <<'.'
load rx vaddr=0x400000 code=exit:42
.
    [ "$(phdr 0 2)" = 0x001000 ]
    run -42 "$image"
}

@test "the program headers need not follow the ELF header" {
    generate <<'.'
phoff 0x801
load rx headers vaddr=0x400000 code=exit:42
.
    [ "$(readelf -h "$image" | awk '/Start of program/ { print $5 }')" -eq $((0x801)) ]
    [ "$(phdr 0 1)" = LOAD ]
    run -42 "$image"
}

@test "the interpreter runs instead of the program" {
    "$elfgen" -o "$BATS_TEST_TMPDIR/interpreter" <<'.'
type dyn
load rx headers vaddr=0 code=exit:43
.
    generate <<.
type dyn
phdr
interp $BATS_TEST_TMPDIR/interpreter
load rx headers vaddr=0 code=exit:42
.
    readelf -lW "$image" | grep -qF "interpreter: $BATS_TEST_TMPDIR/interpreter]"
    [ "$(phdr 0 3)" = 0x0000000000000040 ]
    run -43 "$image"
}

@test "musl's linker runs an image that has what a linker needs" {
    [ -e /lib/ld-musl-x86_64.so.1 ] || skip "there is no /lib/ld-musl-x86_64.so.1"
    # DT_HASH, DT_SYMTAB, DT_STRTAB, DT_NULL; then the hash table, a null symbol, an empty string
    local dynamic=0400000000000000402040000000000006000000000000005820400000000000
    dynamic+=0500000000000000702040000000000000000000000000000000000000000000
    generate <<.
phdr
interp /lib/ld-musl-x86_64.so.1
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x402000 filesz=0x80 bytes=${dynamic}0100000001000000
dynamic vaddr=0x402000 filesz=0x40
.
    run -42 "$image"
}

@test "an interpreter's path without its NUL" {
    printf '%s\n' 'interp text=/lib/x' | generate
    [ "$(phdr 0 5)" = 0x000006 ]
    [ "$(tail -c 6 "$image")" = /lib/x ]
}

@test "a thousand program headers run" {
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x500000 memsz=0x1000 repeat=1000 step=0x2000
.
    [ "$(readelf -lW "$image" | grep -c '^  LOAD')" -eq 1001 ]
    [ "$(phdr 1000 3)" = "$(printf '0x%016x' $((0x500000 + 999 * 0x2000)))" ]
    run -42 "$image"
}

@test "TLS without an offset lies in its load" {
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x402000 filesz=0x40
tls vaddr=0x402010 filesz=8 memsz=0x20
.
    [ "$(phdr 2 2)" = 0x001010 ]
}

@test "an output file that exists is replaced, even while it runs" {
    printf '%s\n' 'load rx headers vaddr=0x400000 code=pause' | generate
    start
    printf '%s\n' 'load rx headers vaddr=0x400000 code=exit:42' | generate
    kill $!
    [ "$(stat -c %a "$image")" = "$(printf '%o' $((0777 & ~$(umask))))" ]
    run -42 "$image"
}

@test "truncations end the file where they say" {
    for cut in empty-file:0 cut-ident:8 cut-ehdr:60 cut-phdrs:$((64 + 2 * 56 - 4)) 'truncate 0x30:48'; do
        generate <<.
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x402000 filesz=0x10
damage ${cut%:*}
.
        [ "$(stat -c %s "$image")" -eq "${cut#*:}" ]
    done
}

@test "a forced field changes the field and nothing else" {
    local description='load rx headers vaddr=0x400000 code=exit:42'
    printf '%s\n' "$description" | "$elfgen" -o "$BATS_TEST_TMPDIR/whole"
    printf '%s\n' "$description" 'damage ehdr e_phnum=0xffff ei_osabi=97' \
        'damage phdr 0 filesz=0x9000 p_align=5' | generate
    # offset (from 1), old and new value, both octal
    run cmp -l "$BATS_TEST_TMPDIR/whole" "$image"
    [ "$(awk '{ print $1 ":" $3 }' <<<"$output" | paste -sd' ')" = \
        "8:141 57:377 58:377 97:0 98:220 113:5 114:0" ]
}

@test "damages that make sums wrap" {
    for damage in vaddr-overflow:3:6 offset-overflow:2:5; do
        IFS=: read -r name place size <<<"$damage"
        generate <<.
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x402010 filesz=0x10
damage $name
.
        [ $(($(phdr 1 $place))) -lt 0 ] # from 2^63 up, as bash's numbers have 64 bits and a sign
        [ $(($(phdr 1 $place) + $(phdr 1 $size))) -ge 0 ]
        [ $((($(phdr 1 2) - $(phdr 1 3)) % 0x1000)) -eq 0 ]
    done
}

@test "a damage can be told its program header" {
    generate <<'.'
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x402000 filesz=0x10
damage kernel-space 0
.
    [ "$(phdr 0 3)" = 0xffff800000400000 ]
    [ "$(phdr 1 3)" = 0x0000000000402000 ]
}

@test "sizes and places that a damage makes wrong" {
    # damage, then a condition on header 1's values; the file has size bytes
    while read -r damage condition; do
        generate <<.
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x402000 filesz=0x10 memsz=0x20
damage $damage
.
        size=$(stat -c %s "$image")
        offset=$(phdr 1 2) vaddr=$(phdr 1 3) filesz=$(phdr 1 5) memsz=$(phdr 1 6)
        echo "$damage: offset $offset vaddr $vaddr filesz $filesz memsz $memsz"
        ((condition))
    done <<'.'
filesz-past-end offset+filesz>size
filesz-over-memsz filesz>memsz
misaligned offset%0x1000!=vaddr%0x1000
overlap vaddr==0x400000
huge-memsz vaddr+memsz==-0x1000
huge-memsz-46 memsz==1<<46
noncanonical vaddr==(1<<47)+0x402000
zero-page vaddr==0x2000
unsorted vaddr==0x400000
.
}

@test "damages to the interpreter's path" {
    while read -r damage condition; do
        printf '%s\n' 'interp /lib/x' "damage $damage" | generate
        size=$(stat -c %s "$image")
        offset=$(phdr 0 2) filesz=$(phdr 0 5)
        echo "$damage: offset $offset filesz $filesz size $size"
        ((condition))
    done <<'.'
interp-unterminated filesz==6&&offset+filesz==size-1
interp-empty filesz==1&&offset+filesz==size
interp-no-size filesz==0
interp-past-end offset>=size
interp-too-long filesz==4097&&offset+filesz==size
.
}

@test "the kernel refuses, or kills, what is damaged beyond use" {
    local damage
    for damage in bad-magic bad-phentsize no-phdrs phdrs-past-end phdrs-overflow entry-outside \
        no-load overlap misaligned vaddr-overflow filesz-over-memsz huge-memsz kernel-space; do
        generate <<.
load rx headers vaddr=0x400000 code=exit:42
load rw vaddr=0x402000 filesz=0x10 memsz=0x20
damage $damage
.
        run bash -c '"$1"' - "$image"
        echo "$damage: $status"
        [ "$status" -eq 126 ] || [ "$status" -eq 139 ]
    done
}

@test "every damage and payload is in the list once" {
    run -0 "$elfgen" --list
    for name in exit zero byte write pause maps auxv registers truncate bad-magic unsorted; do
        [ "$(grep -cE "^  $name[: ]" <<<"$output")" -eq 1 ]
    done
}

@test "messages name the line and the value" {
    refused '2: there is no directive of this name (laod)' <<<$'# one\nlaod rx'
    refused '1: vaddr is not a decimal or 0x number below 2^64 (0x4g)' <<<'load rx vaddr=0x4g'
    refused '1: a load needs vaddr=' <<<'load rx'
    refused '1: a segment has no attribute of this name (size)' <<<'load rx size=4'
    refused '1: there is no payload "exot:1" (see --list)' <<<'load vaddr=0 code=exot:1'
    refused '1: payload is written zero:ADDR,LEN (found "zero:1")' <<<'load vaddr=0 code=zero:1'
    refused '1: there is no damage of this name (rust; see --list)' <<<'damage rust'
    refused '1: it is written: damage truncate N' <<<'damage truncate'
    refused '1: there is no program header 3 (the image has 0)' <<<'damage overlap 3'
    refused '1: e_type has 2 bytes, too few for the value (0x10000)' <<<'damage ehdr e_type=0x10000'
    refused '1: no closing quote (x y)' <<<'interp "x y' || refused '1: no closing quote (x' <<<'interp "x y'
}
