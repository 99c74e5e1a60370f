# What the rt-*.bats files use besides tests/helper.bash: `load helper`, then `load rt/helper`.
#
# LINKER, UCC: rt and the compiler driver whose programs the kernel starts on it.
# shellcheck disable=SC2034,SC2153,SC2154 # the bats files use what is set here; helper.bash sets BUILD and root

LINKER=$BUILD/lib/ld-uexec.so.1
UCC=$BUILD/ucc
MUSL=/lib/ld-musl-x86_64.so.1
unset LD_LIBRARY_PATH LD_PRELOAD LD_BIND_NOW UEXEC_TRACE

# If this is not empty, linked programs look for libraries in the working directory.
# shellcheck disable=SC2054 # the commas are the linker's
RPATH=(-Wl,--disable-new-dtags -Wl,-rpath,.)

# To be called in setup(): makes a folder for the test.
rt_setup() {
    need_file "$LINKER"
    need_file "$BUILD/lib/libc.so"
    cd "$BATS_TEST_TMPDIR" || return 1
}

# A library from the C on standard input: library PATH [OPTION of the compiler]...  CC names another
# compiler than ucc.
library() {
    local path=$1
    shift
    mkdir -p "$(dirname "$path")"
    "${CC:-$UCC}" -shared -fPIC -o "$path" -x c - -x none -Wl,-soname,"${path##*/}" \
        "${RPATH[@]}" "$@"
}

# The same for a program.
program() {
    local path=$1
    shift
    mkdir -p "$(dirname "$path")"
    "${CC:-$UCC}" -o "$path" -x c - -x none "${RPATH[@]}" "$@"
}

# Runs a function once for each C library: in the folder glibc/ with gcc, in rt/ with ucc. Both
# have to print the same; $output has it.
same_as_glibc() {
    mkdir -p glibc rt
    (cd glibc && CC=gcc && "$@") >glibc.output 2>&1 || echo "status $?" >>glibc.output
    (cd rt && CC=$UCC && "$@") >rt.output 2>&1 || echo "status $?" >>rt.output
    diff -u glibc.output rt.output
    output=$(<rt.output)
}

# The tool that changes fields of ELF files (tests/rt/edit.c): for setup_file().
build_edit() {
    gcc -std=gnu11 -O1 -o "$BATS_FILE_TMPDIR/edit" "$root/tests/rt/edit.c"
}
edit() {
    "$BATS_FILE_TMPDIR/edit" "$@"
}

# watched TEST [LIBRARY]...: runs the multi-threaded parts of rt under ThreadSanitizer (tests/threads). gcc 12's
# run-time library does not start everywhere with random addresses, and some containers do not let it switch them off.
watched() {
    local fixed=()
    setarch -R true 2>/dev/null && fixed=(setarch -R)
    TSAN_OPTIONS="halt_on_error=1 exitcode=66 ${TSAN_OPTIONS:-}" \
        timeout -s KILL 60 "${fixed[@]}" "$BUILD/tests/threads" "$@"
}

# open_library NAME [OPTION]... and open_program NAME [OPTION]...: libNAME.so and NAME from the C on standard
# input, with open.h, bound lazily, linked to all that is named.
open_library() {
    { echo '#include "rt/open.h"' && cat -; } |
        library "lib$1.so" -I"$BATS_TEST_DIRNAME" -w -Wl,-z,lazy,--no-as-needed "${@:2}"
}
open_program() {
    { echo '#include "rt/open.h"' && cat -; } |
        program "$1" -I"$BATS_TEST_DIRNAME" -w -Wl,-z,lazy,--no-as-needed "${@:2}"
}

# tiny NAME [SONAME]: a library from assembly, without a libc, in a few milliseconds.
tiny() {
    as -o "$1.o" - && ld -shared -soname "${2:-$1}" -o "$1" "$1.o"
}

# Runs a command that is killed after some time, because it hangs.
limited() {
    timeout -s KILL 30 "$@"
}
