#!/bin/sh
# Start-up time: the same program under execve, under uexec, and, if dynamic, by
# `ld.so PROGRAM`, all with the linker that the program names; hyperfine measures, in
# rounds, so that a slow moment of the machine hits all alike. Prints milliseconds and
# ratios to execve; asserts nothing.
#
#   bench/start.sh [ROUNDS] [RUNS]       RUNS of each command in each round
set -eu
rounds=${1:-5} runs=${2:-400}
cd "$(dirname "$0")/.."
build=${BUILD:-build}
python=/usr/bin/python3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# name|program and arguments|its ld.so, or -|runs are divided by this|target ratio
cases="static hello|$build/samples/hello.static|-|1|1.6
static PIE hello|$build/samples/hello.static-pie|-|1|1.6
dynamic hello (glibc)|$build/samples/hello.glibc|/lib64/ld-linux-x86-64.so.2|1|1.3
dynamic hello (musl)|$build/samples/hello|/lib/ld-musl-x86_64.so.1|1|1.3
python3 -c pass|$python -c pass|/lib64/ld-linux-x86-64.so.2|8|1.05"

printf '%-22s %10s %10s %8s %10s %8s %8s\n' 'ms, mean' execve uexec ratio ld.so ratio target
echo "$cases" | while IFS='|' read -r name command ldso divide target; do
    [ -x "${command%% *}" ] || { printf '%-22s %s\n' "$name" "skipped: no ${command%% *}"; continue; }
    : > "$scratch/all"
    round=0
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        set -- "$command" "./uexec --linker=interp $command"
        [ "$ldso" = - ] || set -- "$@" "$ldso $command"
        hyperfine -N --style none --warmup 10 --runs $((runs / divide + 5)) \
            --export-csv "$scratch/csv" "$@" >/dev/null 2>&1
        # the line's number tells the command: its text may hold a comma
        awk 'NR > 1 { n = split($0, f, ","); print NR - 1, f[n - 6] * 1000 }' "$scratch/csv" \
            >> "$scratch/all"
    done
    awk -v name="$name" -v target="$target" '
        { sum[$1] += $2; count[$1]++ }
        END {
            native = sum[1] / count[1]; ours = sum[2] / count[2]
            printf "%-22s %10.3f %10.3f %8.2f ", name, native, ours, ours / native
            if (3 in sum) printf "%10.3f %8.2f", sum[3] / count[3], sum[3] / count[3] / native
            else printf "%10s %8s", "-", "-"
            printf " %8s\n", target
        }' "$scratch/all"
done

# The tool itself on libc-min and, from the same objects, on musl: its libc must not make it slower.
[ -x "$build/uexec.musl" ] || exit 0
printf '\n%-22s %10s %10s %8s\n' 'ms, median' 'on musl' 'libc-min' ratio
for name in hello.static hello.glibc; do
    : > "$scratch/all"
    round=0
    while [ "$round" -lt $((2 * rounds)) ]; do
        round=$((round + 1))
        hyperfine -N --style none --warmup 10 --runs "$runs" --export-csv "$scratch/csv" \
            "$build/uexec.musl $build/samples/$name" "./uexec $build/samples/$name" >/dev/null 2>&1
        awk 'NR > 1 { n = split($0, f, ","); print NR - 1, f[n - 4] * 1000 }' "$scratch/csv" \
            >> "$scratch/all"
    done
    awk -v name="uexec $name" '
        { sum[$1] += $2; count[$1]++ }
        END {
            musl = sum[1] / count[1]; ours = sum[2] / count[2]
            printf "%-22s %10.4f %10.4f %8.3f\n", name, musl, ours, ours / musl
        }' "$scratch/all"
done
