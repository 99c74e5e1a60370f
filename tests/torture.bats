#!/usr/bin/env bats
# gcc's torture tests on libc-min: see tests/torture/run. Four minutes of work for one core.

load helper

@test "gcc.c-torture: what musl passes, libc-min passes, static and dynamic, under the kernel and ./uexec" {
    compgen -G '/usr/src/gcc-12/gcc-12*.tar.xz' >/dev/null || skip "there is no gcc-12-source"
    run tests/torture/run
    echo "$output"
    ((status == 0))
    # of 1,578 programs that build, 1,554 pass on musl; on a busy machine some time out
    ((${lines[-1]%% *} >= 6 * 1550))
}
