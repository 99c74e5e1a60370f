#!/usr/bin/env bats
# The tests of single functions, tests/unit/*.c, one list at a time.

load helper

setup() {
    need_file "$BUILD/tests/unit"
}

# The list has tests, and all of them pass; its output names those that fail.
passes() {
    run -0 "$BUILD/tests/unit" "$1"
    [[ "$output" == *"ok 1 - $1: "* ]]
}

@test "a library that is written to while rt decodes it" {
    passes decode
}

@test "the place to return from: arch_gadget_find()" {
    passes gadget
}

@test "the hand-over where memory is short" {
    passes handover
}

@test "writing JSON" {
    passes json
}

@test "reading /proc/PID/maps" {
    passes maps
}

@test "messages" {
    passes message
}

@test "plan_build()" {
    passes plan
}

@test "sizes and wrapped text" {
    passes table
}
