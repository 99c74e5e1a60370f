#!/bin/sh
# Measures what a recording costs: the same program alone, under umaps record (started by the kernel, and by uexec), and
# under strace -f -e trace=memory, in turn (bench/alternate.c). Prints medians in milliseconds with their quartiles, and
# the ratios to the program alone; for calls, the microseconds a call over the program alone. Asserts nothing.
#
#   bench/umaps.sh [ROUNDS]
set -eu
rounds=${1:-40}
cd "$(dirname "$0")/.."
build=${BUILD:-build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo 'int f(int a) { return a + 1; }' >"$scratch/small.c"
calls=4000

# name|command|calls of mmap and munmap, or 0|target
cases="mmap, munmap|$build/bench/umaps/calls $calls|$((2 * calls))|8 us
gcc -c, a small file|$(command -v gcc) -c -o $scratch/small.o $scratch/small.c|0|1.10
python3 -c pass|/usr/bin/python3 -c pass|0|1.10
true|/bin/true|0|"

printf '%-22s %21s %21s %8s %21s %8s %21s %8s %7s\n' 'ms, median, quartiles' alone 'record --kernel' '' record '' strace '' target
echo "$cases" | while IFS='|' read -r name command calls target; do
    set -- "$command" "./umaps record --kernel -o $scratch/recording -- $command" \
        "./umaps record -o $scratch/recording -- $command"
    strace=$(command -v strace) && set -- "$@" "$strace -f -e trace=memory -o $scratch/trace $command"
    "$build/bench/alternate" "$rounds" "$@" >"$scratch/all"
    awk -v name="$name" -v target="$target" -v calls="$calls" "$(cat bench/quantile.awk)"'
        {
            for (i = 1; i <= NF; i++) {
                took[i, NR] = $i / 1e6
                against[i, NR] = calls > 0 ? ($i - $1) / 1e3 / calls : $i / $1
            }
            commands = NF
        }
        END {
            line = sprintf("%-22s", name)
            for (i = 1; i <= commands; i++) {
                for (j = 1; j <= NR; j++) values[j] = took[i, j]
                summarize(values, NR)
                line = line sprintf(" %21s", sprintf("%.2f %.2f-%.2f", middle, low, high))
                if (i == 1) continue
                for (j = 1; j <= NR; j++) values[j] = against[i, j]
                summarize(values, NR)
                line = line sprintf(" %8s", sprintf(calls > 0 ? "%.1f us" : "%.2f", middle))
            }
            print line " " target
        }' "$scratch/all"
done
