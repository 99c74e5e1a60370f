#!/usr/bin/env bats
# The loader's suites once more, as an ordinary user. (If an ordinary user runs the tests, the suites
# themselves are that.) They skip what only root can do; nothing may fail.

load helper

setup_file() {
    export place=$root
    [ "$(id -u)" -eq 0 ] || return 0
    # a tree that the user can read: this one, or a copy of what the suites use
    export home
    home=$(mktemp -d "${TMPDIR:-/tmp}/ordinary.XXXXXX")
    chown 65534:65534 "$home"
    if ! as_user test -r "$root/uexec" -a -r "$BUILD/lib/libc.so"; then
        place=$home/tree
        mkdir "$place"
        tar -C "$root" --exclude=./.git --exclude=./build/obj --exclude=./build/torture \
            --exclude=./build/kernels --exclude=./build/bench -cf - . | tar -C "$place" -xf -
        chown -R 65534:65534 "$place"
    fi
}

teardown_file() {
    [ -z "${home:-}" ] || rm -rf "$home"
}

as_user() {
    # bats sets variables, and a folder in PATH, that the inner bats must not see
    env -i PATH="$(tr ':' '\n' <<<"$PATH" | grep -v bats | paste -sd:)" HOME="$home" TMPDIR="$home" BUILD="${BUILD/#$root/$place}" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# passes SUITE: all of its tests pass or are skipped, as that user.
passes() {
    need_root
    need_command setpriv
    cd "$place" || return 1
    run as_user tests/run "tests/$1.bats"
    grep -E -A 20 '^not ok' <<<"$output" || true
    tail -n 1 <<<"$output"
    [ "$status" -eq 0 ]
    [[ $(tail -n 1 <<<"$output") =~ ^([0-9]+)' passed, 0 failed, '[0-9]+' skipped'$ ]]
    # more than half of them run; otherwise the test would only show that tests are skipped
    ((BASH_REMATCH[1] * 2 > $(grep -c '^@test' "tests/$1.bats")))
}

@test "as an ordinary user: fidelity" {
    passes fidelity
}

@test "as an ordinary user: shapes" {
    passes shapes
}

@test "as an ordinary user: names" {
    passes names
}

@test "as an ordinary user: bad-input" {
    passes bad-input
}

@test "as an ordinary user: options" {
    passes options
}

@test "as an ordinary user: linker-choice" {
    passes linker-choice
}

@test "as an ordinary user: samples" {
    passes samples
}

@test "as an ordinary user: starters" {
    passes starters
}

@test "as an ordinary user: debugging" {
    passes debugging
}
