#!/usr/bin/env bats
# libc-min as files: libc.so, libc.a, the start files and ucc.

load helper

setup() {
    need_file "$BUILD/lib/libc.so"
    cd "$BATS_TEST_TMPDIR" || return 1
}

exported() {
    nm -D --defined-only "$BUILD/lib/libc.so" | awk '{ print $3 }' | sort -u
}

@test "libc.so: nothing undefined, no relocation in the text, named libc.so, no executable stack" {
    [[ -z $(nm -D -u "$BUILD/lib/libc.so") ]]
    run -0 readelf -dW "$BUILD/lib/libc.so"
    [[ $output == *'(SONAME)'*'[libc.so]'* && $output != *TEXTREL* && $output != *NEEDED* ]]
    run -0 readelf -lW "$BUILD/lib/libc.so"
    grep -Eq 'GNU_STACK .* RW ' <<<"$output"
    grep -q 'GNU_RELRO' <<<"$output"
    [[ $output != *TLS* ]] # struct __pthread is all the per-thread data there is
}

@test "libc.so has every name that libc.a has" {
    nm -g --defined-only "$BUILD/lib/libc.a" 2>/dev/null | awk 'NF == 3 && $2 ~ /[TWVDBR]/ { print $3 }' |
        grep -v '^__' | sort -u >archive
    exported >shared
    run comm -23 archive shared
    [[ -z $output ]]
    (($(wc -l <shared) > 1100))
}

@test "libc.so exports no name but those for the public: hidden ones stay in" {
    run bash -c "grep '^__' <(nm -D --defined-only '$BUILD/lib/libc.so' | awk '{ print \$3 }') | sort -u |
        grep -vE '^__(cxa_|libc_start_main|errno_location|h_errno_location|environ|progname|optreset|getauxval|tls_get_addr|stack_chk|linker(_client)?\$|assert_fail|xpg_|ctype_|sig|set?jmp|isoc99_|sched_|f?signbit|fpclassify|flt_rounds|strerror_l|libc_current|clock_gettime|sysv_signal)' |
        comm -23 - <({ nm -D --defined-only /usr/lib/x86_64-linux-musl/libc.so; nm -D --defined-only /lib/x86_64-linux-gnu/libc.so.6; } |
        awk '{ sub(/@.*/, \"\", \$3); print \$3 }' | sort -u)"
    echo "$output"
    [[ -z $output ]]
}

@test "libc.so without its linker says so and exits with 127" {
    echo 'int main(void) { return 0; }' >x.c
    "$BUILD/ucc" -o x x.c -Wl,-dynamic-linker,/lib64/ld-linux-x86-64.so.2 -Wl,-rpath,"$BUILD/lib"
    run -127 ./x
    [[ $output == 'libc.so: no linker of version 2 has started this program (it needs ld-uexec.so.1)' ]]
}

@test "ucc makes what it is asked for: static, static PIE, dynamic, shared, objects" {
    echo 'int puts(const char *); int main(void) { puts("made"); return 0; }' >x.c
    "$BUILD/ucc" -static -o static x.c
    "$BUILD/ucc" -static-pie -o static-pie x.c
    "$BUILD/ucc" -o dynamic x.c
    "$BUILD/ucc" -no-pie -o exec x.c
    "$BUILD/ucc" -shared -fPIC -o shared.so x.c
    "$BUILD/ucc" -c x.c
    "$BUILD/ucc" -static -o linked x.o -lm -lpthread -lrt -ldl
    for file in static static-pie linked; do
        run -0 "./$file"
        [[ $output == made ]]
        run readelf -lW "$file"
        [[ $output != *INTERP* ]]
    done
    [[ $(readelf -hW static) == *'Type:'*EXEC* ]]
    [[ $(readelf -hW static-pie) == *'Type:'*DYN* ]]
    [[ $(readelf -lW dynamic) == *"$BUILD/lib/ld-uexec.so.1"* ]]
    [[ $(readelf -dW dynamic) == *'[libc.so]'* ]]
    [[ $(readelf -hW dynamic) == *'Type:'*DYN* && $(readelf -hW exec) == *'Type:'*EXEC* ]]
    [[ $(readelf -dW shared.so) == *'[libc.so]'* && $(readelf -lW shared.so) != *INTERP* ]]
    "$BUILD/ucc" -E x.c | grep -q puts
}

@test "ucc and libc.a where make install puts them" {
    make -s -C "$root" BUILD="$BUILD" install DESTDIR="$BATS_TEST_TMPDIR/to" PREFIX=/usr
    echo '#include <stdio.h>
        int main(void) { printf("%s\n", "installed"); return 0; }' >x.c
    to/usr/bin/ucc -static-pie -o x x.c
    ln -s to/usr/bin/ucc link
    ./link -static -o y x.c
    [[ $(./x) == installed && $(./y) == installed ]]
}

@test "a static PIE relocates itself: pointers, thread-local data, indirect functions, constructors" {
    cat >x.c <<'C'
#include <stdio.h>
static int one, two;
int *volatile pointers[] = {&one, &two, &one};
static _Thread_local int thread_data[3] = {1, 2, 3};
static _Alignas(256) _Thread_local char aligned[10];
static int chosen(void) { return 42; }
static int (*choose(void))(void) { return chosen; }
int indirect(void) __attribute__((ifunc("choose")));
static int made;
__attribute__((constructor(101))) static void first(int argc, char **argv) { made = made * 10 + argc; }
__attribute__((constructor(102))) static void second(void) { made = made * 10 + 2; }
__attribute__((destructor)) static void last(void) { puts("destructor"); }
int main(int argc, char **argv)
{
    printf("%d %d %d %d %d %lu\n", pointers[1] == &two, thread_data[2], indirect(), made, argc,
           (unsigned long)aligned % 256);
    return 0;
}
C
    for kind in static static-pie; do
        "$BUILD/ucc" "-$kind" -o x x.c
        [[ $(./x) == $'1 3 42 12 1 0\ndestructor' ]]
        [[ $("$UEXEC" ./x) == $'1 3 42 12 1 0\ndestructor' ]]
    done
    "$BUILD/ucc" -static-pie -Wl,-z,pack-relative-relocs -o x x.c
    [[ $(readelf -dW x) == *RELR* && $(./x) == $'1 3 42 12 1 0\ndestructor' ]]
}

@test "./uexec is linked against libc-min, as a static PIE" {
    run -0 nm "$UEXEC"
    grep -q ' __linker$' <<<"$output"
    run ! grep -q ' __init_libc$' <<<"$output" # musl's
    [[ $(readelf -lW "$UEXEC") != *INTERP* && $(readelf -hW "$UEXEC") == *DYN* ]]
}

@test "a static program that does nothing makes two system calls before main" {
    need_command strace
    echo 'int main(void) { return 0; }' >x.c
    for kind in static static-pie; do
        "$BUILD/ucc" "-$kind" -o x x.c
        run -0 strace -o calls ./x
        [[ $(grep -oE '^[a-z_]+' calls | paste -sd' ') == 'execve arch_prctl set_tid_address exit_group' ]]
    done
}

@test "the time is read by the vDSO, without a system call" {
    need_command strace
    cat >x.c <<'C'
#include <sys/time.h>
#include <time.h>
int main(void)
{
    struct timespec a;
    struct timeval b;
    for (int i = 0; i < 100; i++)
        if (clock_gettime(CLOCK_MONOTONIC, &a) || clock_gettime(CLOCK_REALTIME, &a) || gettimeofday(&b, 0) ||
            time(0) != b.tv_sec && time(0) != b.tv_sec + 1)
            return 1;
    return 0;
}
C
    "$BUILD/ucc" -static -o x x.c
    run -0 strace -o calls ./x
    run ! grep -E 'clock_gettime|gettimeofday|time\(' calls
    run -0 strace -o calls "$UEXEC" ./x
    run ! grep -E 'clock_gettime|gettimeofday|time\(' calls
}
