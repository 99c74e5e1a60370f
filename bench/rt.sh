#!/bin/sh
# Compares the dynamic linkers of glibc and musl with rt. The kernel starts each on the same libraries
# (bench/rt/). bench/alternate.c measures whole processes that do nothing, in turn, so that a slow moment of
# the machine affects all of them alike. A figure per symbol is the median of (the case - the empty program of
# the same linker) / symbols; a ratio is the median of the rounds' ratios, and the quartiles follow it. Prints
# a table; asserts nothing.
#
#   bench/rt.sh [ROUNDS] [PATTERN]     PATTERN (of `case`) chooses cases by their first word; '*' is all
# A `-` means that the linker cannot do it: musl's has neither DT_RELR nor lazy binding; or the program fails.
set -eu
rounds=${1:-300} pattern=${2:-*}
cd "$(dirname "$0")/.."
build=${BUILD:-build}/bench/rt
peers='glibc musl rt'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Each row: name|case|less the case|units|of what|target, of which peer
#   the names and the numbers of symbols come from bench/rt/libraries.sh
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

# works PROGRAM: PROGRAM runs, and its status says that the linker does what the case measures
works() {
    [ -x "$1" ] && "$1" >/dev/null 2>&1
}

# The processes, in nanoseconds: `CASE PEER TIME` for every round, in their order.
measure_processes() {
    # the time of the empty program is subtracted from the others
    for case_ in empty many-now many-lazy many-bare few relative relr; do
        [ "$case_" = empty ] || wanted "$case_" || continue
        set --
        able=
        for peer in $peers; do
            works "$build/$case_.$peer" || continue
            set -- "$@" "$build/$case_.$peer"
            able="$able $peer"
        done
        [ $# -gt 0 ] || continue
        count=$rounds
        [ "$case_" != empty ] || count=$((rounds * 4))
        "$build/../alternate" "$count" "$@" >"$scratch/one"
        awk -v name="$case_" -v able="$able" '
            BEGIN { split(able, peer, " ") }
            { for (i = 1; i <= NF; i++) print name, peer[i], $i }' "$scratch/one"
    done
}

# The calls, in nanoseconds: bench/rt/calls.c measures them itself.
measure_calls() {
    wanted calls || return 0
    count=0
    while [ "$count" -lt $((rounds / 15 + 1)) ]; do
        count=$((count + 1))
        for peer in $peers; do
            works "$build/calls.$peer" || continue
            "$build/calls.$peer" | while read -r first later; do
                # musl's linker binds all at the start: its first call is like any other
                [ "$peer" = musl ] || echo "first $peer $first"
                echo "later $peer $later"
            done
        done
    done
}

{ measure_processes; measure_calls; } >"$scratch/all"
echo "$cases" | while IFS='|' read -r row; do
    ! wanted "$row" || echo "$row"
done >"$scratch/rows"

awk "$(cat bench/quantile.awk)"'
    # Sets middle, low, high for a peer, or for its ratio to another; returns 0 if there is no figure.
    function figure(peer, other,    i, rounds) {
        rounds = count[what, peer]
        if (other != "" && count[what, other] < rounds) rounds = count[what, other]
        if (!rounds || (less != "" && !((less, peer) in median))) return 0
        for (i = 1; i <= rounds; i++) {
            values[i] = (value[what, peer, i] - median[less, peer]) / units
            if (other != "")
                values[i] /= (value[what, other, i] - median[less, other]) / units
        }
        summarize(values, rounds)
        return 1
    }
    function number(peer) {
        return figure(peer, "") ? sprintf(middle < 100 ? "%.2f" : "%.0f", middle) : "-"
    }
    function ratio(peer, other) {
        return figure(peer, other) ? sprintf("%.2f %.2f-%.2f", middle, low, high) : "-"
    }
    FILENAME == ARGV[1] { value[$1, $2, ++count[$1, $2]] = $3; next }
    FNR == 1 {
        for (key in count) {
            for (i = 1; i <= count[key]; i++) values[i] = value[key, i]
            summarize(values, count[key])
            median[key] = middle
        }
        printf "%-28s %-10s %10s %10s %10s %19s %19s  %s\n", "ns, median", "for each", "glibc",
            "musl", "rt", "rt/glibc, quartiles", "rt/musl, quartiles", "target"
    }
    {
        split($0, field, "|")
        what = field[2]; less = field[3]; units = field[4]
        printf "%-28s %-10s %10s %10s %10s %19s %19s  %s\n", field[1], field[5], number("glibc"),
            number("musl"), number("rt"), ratio("rt", "glibc"), ratio("rt", "musl"), field[6]
    }' "$scratch/all" "$scratch/rows"
