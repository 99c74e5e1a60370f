#!/usr/bin/env bats
# libc-min and what is around the process: its headers, the kernel's age, a missing /proc, forks.
# Each program is written out here and built by ucc.

load helper

# compile KIND [OPTION]... <<SOURCE: $BATS_TEST_TMPDIR/KIND, by `ucc -KIND`; `pie` is dynamic, `musl` is
# by musl-gcc and static.
compile() {
    local kind=$1 compiler="$BUILD/ucc -$1"
    shift
    need_file "$BUILD/ucc"
    [[ $kind != musl ]] || compiler="${MUSLCC:-musl-gcc} -static"
    # shellcheck disable=SC2086 # command and option
    $compiler -D_GNU_SOURCE -O1 -w -fno-builtin -pthread -o "$BATS_TEST_TMPDIR/$kind" -x c - "$@"
}

@test "-z stack-size is the default size of threads' stacks, which it raises to at most 8 MiB" {
    local kind size source
    source='#include <pthread.h>
            #include <stdio.h>
            static void *use(void *size) {
                volatile char used[(size_t)size - 16384];
                for (size_t at = 0; at < sizeof used; at += 1024) used[at] = 1;
                return NULL; }
            int main(void) {
                pthread_attr_t attr; size_t size; pthread_t thread;
                pthread_attr_init(&attr);
                pthread_attr_getstacksize(&attr, &size);
                pthread_create(&thread, NULL, use, (void *)size);
                pthread_join(thread, NULL);
                printf("%zu\n", size); }'
    for size in 0x1000 0x20001 0x400000 0x4000000; do
        compile musl -Wl,-z,stack-size=$size <<<"$source"
        run -0 "$BATS_TEST_TMPDIR/musl"
        expected=$output
        for kind in static static-pie; do
            compile "$kind" -Wl,-z,stack-size=$size <<<"$source"
            run -0 "$BATS_TEST_TMPDIR/$kind"
            [ "$output" = "$expected" ]
        done
    done
    [ "$expected" = 8388608 ]
}
