#!/bin/sh
# Compares libc-min with musl and glibc: runs the programs of bench/libc/, static, from one source, in turn.
# Prints nanoseconds and ratios, medians of all rounds; asserts nothing.
#
#   bench/libc.sh [-r ROUNDS] [-p PATH]... [PROGRAM]...
#
# PROGRAM: string, sort, stdio, thread; all of them by default. The string functions have a table for each
# PATH: SSE2, AVX2, AVX-512; by default for each path that this CPU can run. The script names the others.
# A variable forces libc-min's path (bench/libc/path.h), GLIBC_TUNABLES forces glibc's; musl has one path.
#
# A ratio is the median of the rounds' ratios, each of two neighbouring runs; the quartiles follow it. A
# ratio above 1 means slower than the peer. In every round libc-min runs twice: the margin is the difference
# of the two runs that nineteen rows of twenty do not exceed. A row is marked if it misses its target by more
# than the margin. The targets: 1.0 of musl for all rows; 1.1 of glibc for the string functions from 8 bytes
# with AVX2 and AVX-512; 1.0 of glibc for qsort.
set -eu
rounds=9
paths=
while getopts r:p: option; do
    case $option in
    r) rounds=$OPTARG ;;
    p) paths="$paths $OPTARG" ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
cd "$(dirname "$0")/.."
build=${BUILD:-build}/bench/libc
[ $# -gt 0 ] || set -- string sort stdio thread
# The features that a CPU without AVX-512 or without AVX lacks, in glibc's names.
no_avx512=-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD
no_avx=$no_avx512,-AVX2,-AVX,-AVX_Fast_Unaligned_Load

# run_rounds PROGRAM PATH: `ROUND WHICH NAME PARAMETER NANOSECONDS`; WHICH is ours, again, musl, glibc.
run_rounds() {
    case $2 in
    SSE2) tunables=glibc.cpu.hwcaps=$no_avx ;;
    AVX2) tunables=glibc.cpu.hwcaps=$no_avx512 ;;
    *) tunables= ;;
    esac
    force=
    [ "$1" != string ] || force=--path=$2
    round=0
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        # shellcheck disable=SC2086 # no argument if it is empty
        {
            "$build/$1.musl" $force | sed "s/^/$round musl /"
            "$build/$1.ucc" $force | sed "s/^/$round ours /"
            GLIBC_TUNABLES=$tunables "$build/$1.glibc" $force | sed "s/^/$round glibc /"
            "$build/$1.ucc" $force | sed "s/^/$round again /"
        }
    done
}

# table PROGRAM PATH
table() {
    run_rounds "$1" "$2" | awk -v program="$1" -v path="$2" -v rounds="$rounds" \
        "$(cat bench/quantile.awk)"'
        function collect(key, which, below,    round, count) {
            for (round = 1; round <= rounds; round++)
                if ((key, which, round) in took)
                    values[++count] = below == "" ? took[key, which, round] \
                                      : took[key, which, round] / took[key, below, round]
            summarize(values, count)
        }
        function ratio(key, below, target, mark,    text) {
            collect(key, "ours", below)
            text = sprintf("%8.2f %4.2f-%4.2f", middle, low, high)
            if (target > 0 && middle > target + margin && low > target) marks = marks mark
            return text
        }
        {
            key = $3 " " $4
            if (!(key in seen)) { seen[key] = 1; order[++rows] = key }
            took[key, $2, $1] = $5
        }
        END {
            for (i = 1; i <= rows; i++) {
                collect(order[i], "again", "ours")
                differences[i] = middle > 1 ? middle - 1 : 1 - middle
            }
            sort_numbers(differences, rows)
            margin = quantile(differences, rows, 0.95)
            printf "\n%s%s, ns, median of %d; margin %.1f %%\n", program, \
                program == "string" ? ", " path : "", rounds, 100 * margin
            printf "%-10s %-22s %10s %10s %10s %18s %18s\n", "", "", "ours", "musl", "glibc", \
                "/musl  quartiles", "/glibc  quartiles"
            for (i = 1; i <= rows; i++) {
                key = order[i]
                split(key, part, " ")
                for (j = 1; j <= 3; j++) {
                    collect(key, j == 1 ? "ours" : j == 2 ? "musl" : "glibc", "")
                    figures[j] = middle
                }
                glibc_target = program == "sort" ? 1 : 0
                if (program == "string" && path != "SSE2" && part[2] + 0 >= 8) glibc_target = 1.1
                marks = ""
                line = ratio(key, "musl", 1, " >musl") " " ratio(key, "glibc", glibc_target, " >glibc")
                printf "%-10s %-22s %10.2f %10.2f %10.2f %s%s\n", part[1], part[2], figures[1], \
                    figures[2], figures[3], line, marks
                missed += marks != ""
            }
            printf "%d of %d rows miss a target\n", missed, rows
        }'
}

for program in "$@"; do
    if [ "$program" != string ]; then
        table "$program" found
        continue
    fi
    for path in ${paths:-SSE2 AVX2 AVX-512}; do
        reason=$("$build/string.ucc" "--path=$path" none) || {
            printf '\nstring, %s: skipped: %s\n' "$path" "$reason"
            continue
        }
        table string "$path"
    done
done
