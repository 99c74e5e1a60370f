#!/usr/bin/env bats
# libc-min beside musl and glibc: the programs of tests/libc/diff/ print the results of functions for random
# input, which have to be the same on all three, and on libc.so as on libc.a. Each run takes another seed, and
# prints it when results differ; TEST_SEED and LIBC_ROUNDS repeat a run or make it longer.

load helper

# differs_not NAME ROUNDS [PEERS]: the program prints the same on libc-min as on the peers.
differs_not() {
    local seed=${TEST_SEED:-$((RANDOM * 32768 + RANDOM + 1))} rounds=${LIBC_ROUNDS:-$2} peer
    local peers=${3:-dynamic musl glibc}
    for peer in ucc $peers; do
        need_file "$BUILD/tests/libc/diff/$1.$peer"
        "$BUILD/tests/libc/diff/$1.$peer" "$seed" "$rounds" >"$BATS_TEST_TMPDIR/$peer"
    done
    (($(wc -c <"$BATS_TEST_TMPDIR/ucc") > 1000))
    for peer in $peers; do
        cmp "$BATS_TEST_TMPDIR/$peer" "$BATS_TEST_TMPDIR/ucc" || {
            echo "seed $seed, $rounds rounds: $1 differs from $peer (peer <, ours >):"
            diff "$BATS_TEST_TMPDIR/$peer" "$BATS_TEST_TMPDIR/ucc" | head -20
            return 1
        }
    done
}

@test "string functions: the same as musl and glibc" {
    differs_not string 2000
}

@test "memory functions: the same as musl and glibc" {
    differs_not memory 1500
}

@test "printf: the same as musl and glibc" {
    differs_not printf 20000
}

@test "strtod: the same as musl and glibc" {
    differs_not strtod 20000
}

@test "scanf: the same as musl and glibc" {
    differs_not scanf 5000
}

@test "wide scanf and printf: the same as musl and glibc" {
    differs_not wide 5000
}

@test "qsort: the same as musl and glibc" {
    differs_not qsort 200
}

@test "rand, random, drand48: the same as musl" {
    differs_not random 3000 'dynamic musl'
}

@test "malloc: the same as musl and glibc" {
    differs_not malloc 1500
}

@test "the calendar and its zones: the same as musl and glibc" {
    [[ -r /usr/share/zoneinfo/Europe/Berlin ]] || echo "# no tzdata: zones by rules alone" >&3
    differs_not time 3000
}
