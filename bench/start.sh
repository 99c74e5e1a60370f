#!/bin/sh
# Measures the start: the same program under execve, under uexec, and, if dynamic, by `ld.so PROGRAM`, always
# with the linker that the program names. bench/alternate.c runs the commands in turn, so that a slow moment
# of the machine affects all of them alike. Prints medians in milliseconds with their quartiles, and ratios to
# execve: the median of the rounds' ratios. Asserts nothing.
#
#   bench/start.sh [ROUNDS]
set -eu
rounds=${1:-2000}
cd "$(dirname "$0")/.."
build=${BUILD:-build}
python=/usr/bin/python3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# name|program and arguments|its ld.so, or -|divisor of the rounds|target ratio
cases="static hello|$build/samples/hello.static|-|1|1.6
static PIE hello|$build/samples/hello.static-pie|-|1|1.6
dynamic hello (glibc)|$build/samples/hello.glibc|/lib64/ld-linux-x86-64.so.2|1|1.3
dynamic hello (musl)|$build/samples/hello|/lib/ld-musl-x86_64.so.1|1|1.3
python3 -c pass|$python -c pass|/lib64/ld-linux-x86-64.so.2|8|1.05"

# row NAME TARGET DIGITS: from alternate's lines, the time of each command and its ratio to the first.
row() {
    awk -v name="$1" -v target="$2" -v digits="$3" "$(cat bench/quantile.awk)"'
        function shown(digits) {
            return sprintf("%8.*f %.*f-%.*f", digits, middle, digits, low, digits, high)
        }
        {
            for (i = 1; i <= NF; i++) { took[i, NR] = $i / 1e6; against[i, NR] = $i / $1 }
            commands = NF
        }
        END {
            line = sprintf("%-22s", name)
            for (i = 1; i <= commands; i++) {
                for (j = 1; j <= NR; j++) values[j] = took[i, j]
                summarize(values, NR)
                line = line sprintf(" %21s", shown(digits))
                if (i == 1) continue
                for (j = 1; j <= NR; j++) values[j] = against[i, j]
                summarize(values, NR)
                line = line sprintf(" %19s", shown(2))
            }
            for (; commands < 3 && target != ""; commands++) line = line sprintf(" %21s %19s", "-", "-")
            print line (target == "" ? "" : sprintf(" %7s", target))
        }'
}

printf '%-22s %21s %21s %19s %21s %19s %7s\n' 'ms, median, quartiles' execve uexec ratio ld.so ratio target
echo "$cases" | while IFS='|' read -r name command ldso divide target; do
    [ -x "${command%% *}" ] || { printf '%-22s %s\n' "$name" "skipped: no ${command%% *}"; continue; }
    set -- "$command" "./uexec --linker=interp $command"
    [ "$ldso" = - ] || set -- "$@" "$ldso $command"
    "$build/bench/alternate" $((rounds / divide + 5)) "$@" >"$scratch/all"
    row "$name" "$target" 3 <"$scratch/all"
done

# Without the capability to set /proc/self/exe, a child in a user namespace of its own sets it. Where user
# namespaces are refused, the link stays uexec's: that is so for a user without an ID in the namespace that
# `unshare --user` makes. The difference of the two is the cost.
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
if [ "$(id -u)" -eq 0 ] && $nobody unshare --user ./uexec --version >"$scratch/all" 2>&1; then
    printf '\n%-22s %21s %21s %19s\n' 'an ordinary user' execve uexec ratio
    for name in hello.static hello.glibc; do
        set -- "$build/bench/alternate" "$rounds" "$build/samples/$name" "./uexec $build/samples/$name"
        $nobody "$@" >"$scratch/all"
        row "$name" '' 4 <"$scratch/all"
        $nobody unshare --user "$@" >"$scratch/all"
        row '  without namespaces' '' 4 <"$scratch/all"
    done
fi

# uexec itself on libc-min and, from the same objects, on musl: libc-min must not make it slower.
[ -x "$build/uexec.musl" ] || exit 0
printf '\n%-22s %21s %21s %19s\n' 'ms, median, quartiles' 'on musl' 'libc-min' ratio
for name in hello.static hello.glibc; do
    "$build/bench/alternate" $((2 * rounds)) "$build/uexec.musl $build/samples/$name" \
        "./uexec $build/samples/$name" >"$scratch/all"
    row "uexec $name" '' 4 <"$scratch/all"
done
