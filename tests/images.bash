# What the files about images and names share: `load images` after `load helper`.

# shellcheck shell=bash disable=SC2154 # root, BUILD and UEXEC are helper's

setup() {
    elfgen=$BUILD/tests/elfgen
    image=./image
    before=()
    need_file "$elfgen"
    need_file "$UEXEC"
    cd "$BATS_TEST_TMPDIR" || return
}

# Writes $image, or $1, from the description on standard input.
generate() {
    "$elfgen" -o "${1:-$image}"
}

# refused STATUS PROGRAM MESSAGE [COMMAND...]: the command, by default uexec with the program,
# ends with this status, and prints only the line "uexec: PROGRAM: MESSAGE". $before precedes the
# command.
refused() {
    local expected=$1 line="uexec: $2: $3" program=$2 got=0
    shift 3
    [ $# -gt 0 ] || set -- "$UEXEC" "$program"
    timeout 20 "${before[@]}" "$@" </dev/null >out 2>err || got=$?
    [ "$got" -eq "$expected" ] || {
        echo "status $got, not $expected"
        cat err
        return 1
    }
    diff <(printf '%s\n' "$line") err
    [ ! -s out ]
}

# From here on the test runs without privileges.
as_nobody() {
    need_root
    before=(setpriv --reuid 65534 --regid 65534 --clear-groups)
}

# fault INJECTION: from here on strace makes system calls fail.
fault() {
    need_command strace
    before=(strace -f -o calls "${@/#/--inject=}")
}

# Prints how execve(2) of a file ends: an errno's name, or the output and status if it runs.
execve() {
    perl -MErrno -e '
        syscall 59, $ARGV[0], pack("p2", $ARGV[0], undef), pack("p", undef);
        print grep { $!{$_} } keys %!' "$@"
}

# Two loads, the second with bss; 0x1010 bytes of file.
fixed() {
    cat <<'.'
type exec
load rx headers vaddr=0x400000 filesz=0x800 fill=0xCC code=exit:42
load rw vaddr=0x402000 filesz=0x10 memsz=0x3000 fill=0xAA
.
}

# The same, as a position-independent program with an interpreter: program header 1.
dynamic() {
    cat <<'.'
type dyn
phdr
interp /lib64/ld-linux-x86-64.so.2
load rx headers vaddr=0 filesz=0x800 fill=0xCC code=exit:42
load rw vaddr=0x2000 filesz=0x10 memsz=0x3000 fill=0xAA
.
}

# damaged NAME MESSAGE: one of those images with a damage is refused, and before that
# nothing was mapped but the tool's own memory, which is anonymous and in its reserved range.
damaged() {
    need_command strace
    local kind=fixed
    [[ "$1" != interp-* ]] || kind=dynamic
    { $kind && echo "damage $1"; } | generate
    refused 126 "$image" "$2" strace -f -o calls -e trace=mmap,mremap,munmap "$UEXEC" "$image"
    grep -q 'mmap(' calls
    if grep 'mmap(' calls | grep -vE 'mmap\(0x[567]0001[0-9a-f]{7}, .*\|MAP_ANONYMOUS\|.*, -1, 0\)'; then
        return 1
    fi
}
