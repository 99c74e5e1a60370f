#!/bin/sh
# The dynamic linkers side by side: glibc's, musl's and rt, each started by the kernel on the same libraries
# (bench/rt/). hyperfine measures whole processes that do nothing, in rounds, so that a slow moment of the
# machine hits all alike; of the rounds' medians, the median. A figure per symbol is
# (the case - the empty program of the same linker) / symbols. Prints a table; asserts nothing.
#
#   bench/rt.sh [ROUNDS] [RUNS] [PATTERN]     RUNS of each program in each round; PATTERN (of `case`)
#                                             chooses cases by their first word, '*' is all
# A `-` stands for what the linker cannot do: no DT_RELR and no lazy binding in musl's, a program that fails.
set -eu
rounds=${1:-5} runs=${2:-100} pattern=${3:-*}
cd "$(dirname "$0")/.."
build=${BUILD:-build}/bench/rt
peers='glibc musl rt'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Each row: name|case|less the case|units|of what|target, of which peer
#   the names and numbers of symbols are those of bench/rt/libraries.sh
cases='empty program|empty||1|process|1.0 musl
many: 100 libraries, now|many-now|empty|20000|symbol|0.5 glibc
many: the same, lazily|many-lazy|empty|20000|symbol|0.5 glibc
many: their loading alone|many-bare|empty|100|library|
many: now, less the loading|many-now|many-bare|20000|symbol|
few: 10 libraries, now|few|empty|20000|symbol|0.5 glibc
relative: 500,000|relative|empty|500000|relocation|1.0 faster
relr: the same, packed|relr|empty|500000|relocation|1.0 faster
calls: first, lazy slot|first||1|call|0.5 glibc
calls: later|later||1|call|'

wanted() {
    # shellcheck disable=SC2254 # it is a pattern
    case ${1%%[-:. ]*} in $pattern) return 0 ;; esac
    return 1
}

# works PROGRAM: runs, and says that it does what the case is about
works() {
    [ -x "$1" ] && "$1" >/dev/null 2>&1
}

# The processes, in nanoseconds: `CASE PEER MEDIAN` for every round.
measure_processes() {
    # the empty program is what the others are compared with
    for case_ in empty many-now many-lazy many-bare few relative relr; do
        [ "$case_" = empty ] || wanted "$case_" || continue
        set --
        for peer in $peers; do
            works "$build/$case_.$peer" && set -- "$@" "$build/$case_.$peer"
        done
        [ $# -gt 0 ] || continue
        count=$runs
        [ "$case_" != empty ] || count=$((runs * 4))
        round=0
        while [ "$round" -lt "$rounds" ]; do
            round=$((round + 1))
            hyperfine -N --style none --warmup 3 --runs "$count" --export-csv "$scratch/csv" \
                "$@" >/dev/null 2>&1
            awk -F, 'NR > 1 { n = split($1, part, /[\/.]/); print part[n - 1], part[n], $4 * 1e9 }' \
                "$scratch/csv"
        done
    done
}

# The calls: the programs measure themselves.
measure_calls() {
    wanted calls || return 0
    count=0
    while [ "$count" -lt $((rounds * 4)) ]; do
        count=$((count + 1))
        for peer in $peers; do
            works "$build/calls.$peer" || continue
            "$build/calls.$peer" | while read -r first later; do
                # musl binds all at the start: its first call is as any other
                [ "$peer" = musl ] || echo "first $peer $first"
                echo "later $peer $later"
            done
        done
    done
}

{ measure_processes; measure_calls; } | sort -k1,1 -k2,2 -k3,3g >"$scratch/all"
echo "$cases" | while IFS='|' read -r row; do
    ! wanted "$row" || echo "$row"
done >"$scratch/rows"

awk '
    function figure(peer,    key, base) {
        key = what SUBSEP peer
        base = less SUBSEP peer
        if (!(key in median) || (less != "" && !(base in median))) return "-"
        return (median[key] - (less != "" ? median[base] : 0)) / units
    }
    function ratio(a, b) {
        return a == "-" || b == "-" || b <= 0 ? "-" : sprintf("%.2f", a / b)
    }
    function number(a) {
        return a == "-" ? a : sprintf(a < 100 ? "%.2f" : "%.0f", a)
    }
    # the lines are sorted: the middle one of each case and peer
    FILENAME == ARGV[1] { value[$1, $2, ++count[$1, $2]] = $3; next }
    FNR == 1 {
        for (key in count) {
            half = int((count[key] + 1) / 2)
            other = count[key] + 1 - half
            median[key] = (value[key, half] + value[key, other]) / 2
        }
        printf "%-28s %-10s %10s %10s %10s %9s %8s  %s\n", "ns, median", "for each", "glibc",
            "musl", "rt", "rt/glibc", "rt/musl", "target"
    }
    {
        split($0, field, "|")
        what = field[2]; less = field[3]; units = field[4]
        glibc = figure("glibc"); musl = figure("musl"); rt = figure("rt")
        printf "%-28s %-10s %10s %10s %10s %9s %8s  %s\n", field[1], field[5], number(glibc),
            number(musl), number(rt), ratio(rt, glibc), ratio(rt, musl), field[6]
    }' "$scratch/all" "$scratch/rows"
