#!/usr/bin/env bats
# The comparison with execve fails if any item that the loader sets is broken.

load helper

@test "every mutant of the loader is reported in the item that it breaks" {
    need_root
    run "$root/tests/mutants/run"
    echo "$output"
    [ "$status" -eq 0 ]
    # a run without mutants would succeed too
    [ "$(grep -c . "$root/tests/mutants/list")" -gt 60 ]
}
