#!/bin/sh
# Compares allocators on the patterns of bench/malloc/patterns.c and on whole programs: the same binary with each
# allocator preloaded, in turn. musl's allocator cannot be preloaded: the patterns are linked with musl for it.
#
#   bench/malloc.sh [-r ROUNDS] [-t THREADS] [PATTERN]...
#
# Prints nanoseconds for each call (for a program, milliseconds of the run), medians of the rounds; the ratio of
# libc-min's allocator to mimalloc's and to the fastest of the others, medians of the rounds' ratios; and the most
# memory, MiB, of libc-min's and of glibc's. An allocator whose library is not installed is left out, aloud.
set -eu
rounds=5 threads=2
while getopts r:t: option; do
    case $option in
    r) rounds=$OPTARG ;;
    t) threads=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
cd "$(dirname "$0")/.."
build=${BUILD:-build}
patterns=$build/bench/malloc/patterns
[ -x "$patterns" ] || {
    echo "bench/malloc.sh: no $patterns: \`make bench-malloc\` builds it" >&2
    exit 1
}
# shellcheck disable=SC2046 # the names are words
[ $# -gt 0 ] || set -- $("$patterns") lua sqlite jq
folder=/usr/lib/x86_64-linux-gnu
all='ours glibc musl'
for peer in jemalloc:libjemalloc.so.2 tcmalloc:libtcmalloc_minimal.so.4 mimalloc:libmimalloc.so.2; do
    if [ -e "$folder/${peer#*:}" ]; then
        all="$all ${peer%%:*}"
    else
        echo "without ${peer%%:*}: $folder/${peer#*:} is not installed"
    fi
done

library() {
    case $1 in
    ours) echo "$PWD/$build/lib/libmalloc-min.so" ;;
    jemalloc) echo $folder/libjemalloc.so.2 ;;
    tcmalloc) echo $folder/libtcmalloc_minimal.so.4 ;;
    mimalloc) echo $folder/libmimalloc.so.2 ;;
    esac
}

# whole LIBRARY COMMAND...: `MILLISECONDS KIB` of a command.
whole() {
    library=$1
    shift
    "$build/bench/malloc/timed" "$library" "$@"
}

# measure WHICH PATTERN: `TIME KIB`.
measure() {
    case $2 in
    lua | sqlite | jq) [ "$1" != musl ] || return 0 ;;
    esac
    case $2 in
    lua) whole "$(library "$1")" lua5.4 bench/malloc/objects.lua ;;
    sqlite) whole "$(library "$1")" sqlite3 :memory: ".read bench/malloc/rows.sql" ;;
    jq) whole "$(library "$1")" jq -n '[range(150000)|{a:., b:tostring}] | group_by(.a % 100) | length' ;;
    *)
        if [ "$1" = musl ]; then
            "$patterns.musl" "$2" "$threads"
        else
            LD_PRELOAD=$(library "$1") "$patterns" "$2" "$threads"
        fi
        ;;
    esac
}

for pattern in "$@"; do
    case $pattern in
    lua) command -v lua5.4 >/dev/null || { echo "without lua: lua5.4 is not installed"; continue; } ;;
    sqlite) command -v sqlite3 >/dev/null || { echo "without sqlite: sqlite3 is not installed"; continue; } ;;
    jq) command -v jq >/dev/null || { echo "without jq: it is not installed"; continue; } ;;
    esac
    round=0
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        for which in $all; do
            echo "$round $which $pattern $(measure "$which" "$pattern")"
        done
    done
done | awk -v rounds="$rounds" -v all="$all" -v threads="$threads" "$(cat bench/quantile.awk)"'
    function collect(row, which, below,    round, count) {
        for (round = 1; round <= rounds; round++)
            if ((row, which, round) in took && (below == "" || (row, below, round) in took))
                values[++count] = below == "" ? took[row, which, round] : took[row, which, round] / took[row, below, round]
        if (count > 0) summarize(values, count)
        return count
    }
    NF < 4 { if (/^without/) print; next }
    NF == 5 {
        if (!($3 in seen)) { seen[$3] = 1; order[++rows] = $3 }
        took[$3, $2, $1] = $4
        if ($5 > most[$3, $2]) most[$3, $2] = $5
    }
    END {
        peers = split(all, name, " ")
        printf "%-8s", threads " thr."
        for (i = 1; i <= peers; i++) printf "%10s", name[i]
        printf "%11s%8s%8s%8s%14s\n", "/mimalloc", "/best", "/glibc", "MiB", "MiB, glibc"
        for (i = 1; i <= rows; i++) {
            row = order[i]
            printf "%-8s", row
            best = ""
            for (j = 1; j <= peers; j++) {
                if (!collect(row, name[j], "")) { printf "%10s", "-"; continue }
                printf "%10.2f", middle
                if (j > 1 && (best == "" || middle < least)) { best = name[j]; least = middle }
            }
            if (collect(row, "ours", "mimalloc")) { printf "%11.2f", middle; sum["mimalloc"] += log(middle); n["mimalloc"]++ }
            else printf "%11s", "-"
            collect(row, "ours", best); printf "%8.2f", middle; sum["best"] += log(middle)
            collect(row, "ours", "glibc"); printf "%8.2f", middle; sum["glibc"] += log(middle)
            memory += log(most[row, "ours"] / most[row, "glibc"])
            printf "%8.1f%14.1f\n", most[row, "ours"] / 1024, most[row, "glibc"] / 1024
        }
        printf "geometric means: "
        if (n["mimalloc"] > 0) printf "%.2f of mimalloc, ", exp(sum["mimalloc"] / n["mimalloc"])
        printf "%.2f of the best of each row, %.2f of glibc; memory %.2f of glibc\n", exp(sum["best"] / rows), \
            exp(sum["glibc"] / rows), exp(memory / rows)
    }'
