#!/usr/bin/env bats
# libc-min's functions, family by family: the programs of tests/libc/ print each result that differs from the
# standard. Each must pass on libc-min, static, static PIE and dynamic, and on musl; on glibc too, unless its
# first lines say why not. The kernel starts the dynamic ones on rt as their PT_INTERP; ./uexec starts them,
# too.

load helper

# is_silent COMMAND...: it ends with 0 and prints nothing.
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

# path_passes NAME PATH: on that path of the string functions; skipped if this CPU cannot run it.
path_passes() {
    local kind
    for kind in static static-pie; do
        need_file "$BUILD/tests/libc/$1.$kind"
        run "$BUILD/tests/libc/$1.$kind" "$2"
        ((status != 77)) || skip "$output"
        if ((status != 0)) || [[ -n $output ]]; then
            printf '%s.%s, %s: ended with %d:\n%s\n' "$1" "$kind" "$2" "$status" "$output"
            return 1
        fi
    done
}

@test "libc: ctype" {
    libc_passes ctype
}

@test "libc: memory" {
    libc_passes memory
}

@test "libc: memory, SSE2" {
    path_passes memory "SSE2"
}

@test "libc: memory, AVX2" {
    path_passes memory "AVX2"
}

@test "libc: memory, AVX2, rep movsb" {
    path_passes memory "AVX2, rep movsb"
}

@test "libc: memory, AVX2, rep movsb near" {
    path_passes memory "AVX2, rep movsb near"
}

@test "libc: memory, AVX-512" {
    path_passes memory "AVX-512"
}

@test "libc: memory, AVX-512, rep movsb" {
    path_passes memory "AVX-512, rep movsb"
}

@test "libc: memory, AVX-512, rep movsb near" {
    path_passes memory "AVX-512, rep movsb near"
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

@test "libc: string, SSE2" {
    path_passes string "SSE2"
}

@test "libc: string, AVX2" {
    path_passes string "AVX2"
}

@test "libc: string, AVX2, rep movsb" {
    path_passes string "AVX2, rep movsb"
}

@test "libc: string, AVX2, rep movsb near" {
    path_passes string "AVX2, rep movsb near"
}

@test "libc: string, AVX-512" {
    path_passes string "AVX-512"
}

@test "libc: string, AVX-512, rep movsb" {
    path_passes string "AVX-512, rep movsb"
}

@test "libc: string, AVX-512, rep movsb near" {
    path_passes string "AVX-512, rep movsb near"
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

@test "libc: fork" {
    libc_passes fork
}

@test "libc: realpath" {
    libc_passes realpath
}

@test "libc: sleep" {
    libc_passes sleep
}

@test "libc: signals" {
    libc_passes signals
}

@test "libc: cond" {
    libc_passes cond
}

@test "libc: negative" {
    libc_passes negative
}

@test "libc: thread-defaults" {
    libc_passes thread-defaults
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

@test "libc: locale" {
    libc_passes locale
}

@test "libc: wide-alike" {
    libc_passes wide-alike
}

@test "libc: c11" {
    libc_passes c11
}

@test "libc: time" {
    libc_passes time
}

@test "the tables of characters are what unicode.py makes of Debian's unicode-data" {
    local data=${UNICODE_DATA:-/usr/share/unicode} tables=libc-min/ctype/unicode_tables.h version
    need_command python3
    need_command clang-format
    [[ -r $data/UnicodeData.txt ]] || skip "there is no $data (Debian's package unicode-data)"
    version=$(sed -n '1s/.*-\([0-9.]*\)\.txt$/\1/p' "$data/EastAsianWidth.txt")
    grep -qF "Unicode $version." "$tables" || skip "unicode-data has Unicode $version, $(head -1 "$tables")"
    grep -qF "Unicode $version" docs/libc.md
    python3 libc-min/ctype/unicode.py "$data" | clang-format --assume-filename="$tables" >"$BATS_TEST_TMPDIR/tables"
    cmp "$tables" "$BATS_TEST_TMPDIR/tables"
}

@test "libc: strftime-years" {
    libc_passes strftime-years
}

@test "libc: random" {
    libc_passes random
}

@test "libc: network" {
    libc_passes network
}

@test "every program of tests/libc is run here" {
    local source
    for source in tests/libc/*.c; do
        grep -q "libc_passes $(basename "$source" .c)\$" "$BATS_TEST_FILENAME"
    done
}

@test "every path of the string functions is run here" {
    local name names
    names=$(sed -n '/^} string_paths\[\]/,/^};/ s/^ *{"\([^"]*\)".*/\1/p' tests/libc/string_paths.h)
    [[ $(wc -l <<<"$names") -eq 7 ]]
    while read -r name; do
        grep -q "path_passes memory \"$name\"\$" "$BATS_TEST_FILENAME"
        grep -q "path_passes string \"$name\"\$" "$BATS_TEST_FILENAME"
    done <<<"$names"
}

# emulated CPU PROGRAM [ARG]...
emulated() {
    local qemu
    qemu=$(command -v qemu-x86_64 || command -v qemu-x86_64-static) || skip "there is no qemu-x86_64"
    run "$qemu" -cpu "$@"
}

@test "a CPU without AVX-512 runs the paths that it has, and says what it lacks" {
    emulated Haswell "$BUILD/tests/libc/memory.static" AVX-512
    [[ $status -eq 77 && $output == *'this CPU has no AVX-512 F, VL and BW' ]]
    emulated Haswell "$BUILD/tests/libc/string.static" 'AVX2, rep movsb near'
    [[ $status -eq 0 ]]
}

@test "a CPU without AVX runs SSE2, and says what it lacks" {
    emulated Nehalem "$BUILD/tests/libc/memory.static" AVX2
    [[ $status -eq 77 && $output == *'this CPU has no AVX2, BMI1 and BMI2' ]]
    emulated Nehalem "$BUILD/tests/libc/string.static"
    [[ $status -eq 0 ]]
}

@test "libc: the tests that are not for glibc are those that say so" {
    diff <(sed -n 's/^LIBC_NOT_GLIBC := //p' tests/libc/rules.mk | tr ' ' '\n') \
        <(grep -l 'not glibc' tests/libc/*.c | sed 's|.*/||; s|\.c$||' | sort)
}
