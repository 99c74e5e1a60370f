#!/usr/bin/env bats
# rt in several threads: its locks, constructors, dlopen(), dlclose() and lazy binding, compiled with
# ThreadSanitizer (tests/threads/threads.c).

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # bats sets output, and runs each test in a subshell
load helper
load rt/helper

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    need_file "$BUILD/tests/threads"
    local name
    # libraries without a libc: ThreadSanitizer does not watch their code
    bare() {
        gcc -shared -fPIC -nostdlib -O1 -o "$1" -x c - -x none -Wl,-z,lazy -Wl,--no-as-needed "${RPATH[@]}" "${@:2}"
    }
    { printf 'int %s(void) { return 1; }\n' g{0..40}; } | bare libcommon.so
    for name in a b c; do
        {
            printf 'extern int %s(void);\n' g{0..40}
            echo '__thread int variable = 7;
                static int constructed;
                /* argv: a word; if it is there and 0, -1 is stored, and 1 waited for */
                __attribute__((constructor)) static void in(int argc, char **argv)
                {
                    if (argc == 0 && argv && __atomic_load_n((int *)argv, __ATOMIC_ACQUIRE) == 0) {
                        __atomic_store_n((int *)argv, -1, __ATOMIC_RELEASE);
                        while (__atomic_load_n((int *)argv, __ATOMIC_ACQUIRE) != 1)
                            ;
                    }
                    for (volatile int n = 0; n < 20000; n++)
                        ;
                    constructed++;
                }
                __attribute__((destructor)) static void out(void) { constructed = 99; }
                int ready(void) { return constructed; }'
            echo 'int calls(void) { return 1'
            printf ' + %s()' g{0..40}
            echo '; }'
        } | bare "lib$name.so" libcommon.so
    done
}

setup() {
    rt_setup
    cp "$BATS_FILE_TMPDIR"/lib*.so .
}

# threads TEST [LIBRARY]...: ends with 0 and prints nothing.
threads() {
    run -0 watched "$@"
    [ -z "$output" ]
}

@test "a lock of a few instructions is one thread's" {
    threads leaf
}

@test "the linker's lock is one thread's, who may take it again" {
    threads linker
}

@test "the linker's lock: who waits gets its turn from threads that ask again at once" {
    threads fair
}

@test "the linker's lock: a waiter loses it once at the most to one who comes later" {
    threads once
}

@test "who waits for a lock of a few instructions sleeps in futex(2)" {
    threads sleeps-leaf
}

@test "who waits for the linker's lock sleeps in futex(2), the first and who comes after it" {
    threads sleeps-linker
}

@test "who waits for another thread's constructors sleeps in futex(2)" {
    threads sleeps-constructor ./liba.so
}

@test "fork: a child has the locks of its thread, and nobody waits for them" {
    threads fork
}

@test "threads that open and close the same libraries find them constructed" {
    threads construct ./liba.so ./libb.so ./libc.so
}

@test "threads bind lazily while others open and close what they bind" {
    threads binding ./liba.so ./libb.so ./libc.so
}

@test "threads bind the same slots at once" {
    threads same-slots ./liba.so
}

@test "at exit: destructors run while another thread opens and closes" {
    threads exit ./liba.so ./libb.so
}
