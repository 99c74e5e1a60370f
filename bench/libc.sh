#!/bin/sh
# libc-min beside musl and glibc: the programs of bench/libc/, from the same source, static, each run in
# turn for some rounds, and of each line the least. Prints nanoseconds and ratios; asserts nothing.
# A ratio above 1 is slower than the peer; what misses its target (1.0 of musl everywhere, 1.1 of
# glibc for the strings from 16 bytes) by more than the noise of 3 % is marked.
#
#   bench/libc.sh [ROUNDS] [PROGRAM]...       default: 5 rounds, all programs
set -eu
rounds=${1:-5}
[ $# -eq 0 ] || shift
cd "$(dirname "$0")/.."
build=${BUILD:-build}/bench/libc
[ $# -gt 0 ] || set -- string stdio thread

printf '%-12s %-12s %10s %10s %10s %8s %8s\n' 'ns, least' '' ours musl glibc /musl /glibc
for program in "$@"; do
    round=0
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        for libc in ucc musl glibc; do
            "$build/$program.$libc" | sed "s/^/$libc /"
        done
    done | awk -v strings="$([ "$program" = string ] && echo 1 || echo 0)" '
        {
            key = $2 " " $3
            if (!(key in seen)) { seen[key] = 1; order[++count] = key }
            if (!(($1, key) in least) || $4 < least[$1, key]) least[$1, key] = $4
        }
        END {
            for (i = 1; i <= count; i++) {
                key = order[i]
                split(key, part, " ")
                ours = least["ucc", key]; musl = least["musl", key]; glibc = least["glibc", key]
                mark = ""
                if (musl > 0 && ours > musl * 1.03) mark = mark " >musl"
                if (strings && part[2] + 0 >= 16 && glibc > 0 && ours > glibc * 1.1) mark = mark " >glibc"
                printf "%-12s %-12s %10.2f %10.2f %10.2f %8.2f %8.2f%s\n", part[1], part[2], ours,
                    musl, glibc, (musl > 0 ? ours / musl : 0),
                    (glibc > 0 ? ours / glibc : 0), mark
            }
        }'
done
