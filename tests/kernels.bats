#!/usr/bin/env bats
# The loader on Debian's kernel 6.1, in a virtual machine: a part of `make test-kernels`. 6.1 maps the vDSO
# right above the stack, where later kernels leave a gap, and leaves other registers at the entry point.

load helper

# One machine serves the whole file, because its start takes half of the time. Each test checks its part of
# what the machine printed.
setup_file() {
    local tool
    export reason='' printed=$BATS_FILE_TMPDIR/printed
    cd "$BATS_TEST_DIRNAME/.." || return
    for tool in qemu-system-x86_64 mkfs.ext4 cpio apt-get busybox flock; do
        PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || reason="there is no $tool"
    done
    [ -z "$reason" ] || return 0
    if ! timeout 120 tests/kernels/kernel 6.1 >/dev/null 2>"$printed"; then
        reason="there is no kernel 6.1: $(tail -n 1 "$printed")"
        return 0
    fi
    # shellcheck disable=SC2016 # the inner shell's
    tests/kernels/vm --kernel 6.1 --timeout 600 -- bash -c '
        echo "== hello"; tests/kernels/hello 30
        echo "== pie"; tests/run -f "^(musl|glibc|libc-min), .*PIE$" tests/fidelity.bats
        echo "== shapes"; tests/run tests/shapes.bats
        echo "== way"; for kind in hello.static hello.static-pie hello.glibc hello.glibc.static; do
            ./uexec -v "build/samples/$kind" 2>&1 | grep -c ": leaves by rt_sigreturn"; done | paste -sd" "
        echo "== umaps"; tests/run -f "entry point|execve in a thread|killed, and|python3" tests/umaps-record.bats
        echo "== end"' >"$printed" 2>&1 3>&- || true
}

setup() {
    [ -z "$reason" ] || skip "$reason"
}

# part NAME PATTERN: the last line of that part matches; if not, the whole part is shown.
part() {
    awk -v name="$1" '/^== / { inside = $2 == name; next } inside' "$printed" >"$BATS_TEST_TMPDIR/part"
    # if the machine failed, its reason is at the end of the file, whichever part is wanted
    [ -s "$BATS_TEST_TMPDIR/part" ] || tail -n 30 "$printed"
    cat "$BATS_TEST_TMPDIR/part"
    tail -n 1 "$BATS_TEST_TMPDIR/part" | grep -Ex "$2"
}

@test "6.1: every kind of hello, 30 times under each linker" {
    part hello '540 passed, 0 failed'
}

@test "6.1: a PIE of every libc sees what it sees under execve" {
    part pie '6 passed, 0 failed, 0 skipped'
}

@test "6.1: all registers are set by rt_sigreturn" {
    part way '1 1 1 1'
}

@test "6.1: images of every shape" {
    part shapes '[0-9]+ passed, 0 failed, 0 skipped'
}

@test "6.1: recordings, of children too, end and replay to the layout" {
    part umaps '4 passed, 0 failed, 0 skipped'
}
