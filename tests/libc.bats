#!/usr/bin/env bats
# libc-min's functions, family by family: the programs of tests/libc/, which print what is not as the
# standard says. Each must pass on libc-min, static, static PIE and dynamic, and on musl; on glibc
# too, unless its first lines say why not. The dynamic ones are started by the kernel, on rt as their
# PT_INTERP, and by ./uexec.

load helper

# is_silent COMMAND...: it ends with 0 and says nothing.
is_silent() {
    run "$@"
    if ((status != 0)) || [[ -n $output ]]; then
        printf '%s ended with %d:\n%s\n' "$*" "$status" "$output"
        return 1
    fi
}

# libc_passes NAME
libc_passes() {
    local kind
    for kind in static static-pie dynamic musl glibc; do
        if [[ $kind == glibc ]] && grep -q 'not glibc' "tests/libc/$1.c"; then
            continue
        fi
        need_file "$BUILD/tests/libc/$1.$kind"
        is_silent "$BUILD/tests/libc/$1.$kind"
        [[ $kind != dynamic ]] || is_silent "$UEXEC" "$BUILD/tests/libc/$1.$kind"
    done
}

@test "libc: ctype" {
    libc_passes ctype
}

@test "libc: memory" {
    libc_passes memory
}

@test "libc: multibyte" {
    libc_passes multibyte
}

@test "libc: printf-float" {
    libc_passes printf-float
}

@test "libc: printf" {
    libc_passes printf
}

@test "libc: qsort" {
    libc_passes qsort
}

@test "libc: scanf" {
    libc_passes scanf
}

@test "libc: stdio" {
    libc_passes stdio
}

@test "libc: string" {
    libc_passes string
}

@test "libc: strtod" {
    libc_passes strtod
}

@test "libc: strtol" {
    libc_passes strtol
}

@test "libc: env" {
    libc_passes env
}

@test "libc: exit" {
    libc_passes exit
}

@test "libc: malloc" {
    libc_passes malloc
}

@test "libc: thread" {
    libc_passes thread
}

@test "libc: setjmp" {
    libc_passes setjmp
}

@test "libc: system" {
    libc_passes system
}

@test "libc: brk" {
    libc_passes brk
}

@test "libc: getopt" {
    libc_passes getopt
}

@test "libc: wide-stdio" {
    libc_passes wide-stdio
}

@test "libc: c11" {
    libc_passes c11
}

@test "libc: time" {
    libc_passes time
}

@test "every program of tests/libc is run here" {
    local source
    for source in tests/libc/*.c; do
        grep -q "libc_passes $(basename "$source" .c)\$" "$BATS_TEST_FILENAME"
    done
}
