#!/usr/bin/env bats
# The fuzzers, half a minute each: no input breaks the code that reads, checks and plans an image, and its
# results are those that tests/fuzz/expect.c computes independently.

load helper

# shellcheck disable=SC2154 # helper.bash sets root
@test "thirty seconds of fuzzing" {
    need_command clang
    run env -u MAKEFLAGS -u MAKELEVEL make -C "$root" --no-print-directory "BUILD=${BUILD#"$root/"}" fuzz-short
    echo "$output" | tail -n 40
    echo "# $(sed -n 's/^stat::number_of_executed_units: */inputs tried: /p' <<<"$output")" >&3
    [ "$status" -eq 0 ]
    [[ "$output" == *stat::number_of_executed_units:* ]]
}

@test "thirty seconds of fuzzing rt: libraries mapped, decoded, looked up in, relocated" {
    need_command clang
    run env -u MAKEFLAGS -u MAKELEVEL make -C "$root" --no-print-directory "BUILD=${BUILD#"$root/"}" fuzz-rt-short
    echo "$output" | tail -n 40
    echo "# $(sed -n 's/^stat::number_of_executed_units: */inputs tried: /p' <<<"$output")" >&3
    [ "$status" -eq 0 ]
    [[ "$output" == *stat::number_of_executed_units:* ]]
}
