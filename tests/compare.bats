#!/usr/bin/env bats
# --compare: the differences that it finds; and the processes that it starts never run on.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

# Without ptrace nothing can be compared.
need_ptrace() {
    strace -o /dev/null true 2>/dev/null || skip "ptrace is not to be had"
}

@test "no sample differs" {
    need_root
    need_ptrace
    local sample count=0
    for sample in "$BUILD"/samples/*; do
        run -0 "$UEXEC" --compare "$sample"
        [[ "$output" == *"  no difference"* ]]
        count=$((count + 1))
    done
    [ "$count" -ge 140 ]
}

@test "a script is compared with itself as the kernel starts it" {
    need_root
    need_ptrace
    printf '#!/bin/sh -e\n' >script
    chmod +x script
    run -0 "$UEXEC" --compare ./script one two
}

@test "uexec itself is compared too" {
    need_root
    need_ptrace
    run -0 "$UEXEC" --compare "$UEXEC" --version
}

@test "a set-user-ID or set-group-ID bit is a known reason, and -v names it" {
    need_ptrace
    cp /bin/true true
    local mode
    for mode in 4755 2755 6755; do
        chmod "$mode" true
        run -0 "$UEXEC" --compare ./true
        [[ "$output" == *"no difference"* && "$output" == *"for a set-ID file: addresses are not compared"* ]]
        run -0 "$UEXEC" -v ./true
        [[ "$output" == *": its file's set-user-ID or set-group-ID bit (mode $mode) has no effect"* ]]
    done
    chmod 755 true
    run -0 "$UEXEC" -v ./true
    [[ "$output" != *"bit (mode"* ]]
}

@test "the program does not run, also if the comparison is killed" {
    need_ptrace
    run -0 "$UEXEC" --compare /usr/bin/touch "$PWD/touched"
    [ ! -e touched ]
    # killed while both processes stand at their entry points; both hold the pipe open while they exist
    strace -o /dev/null --inject=process_vm_readv:signal=SIGKILL:when=1 \
        "$UEXEC" --compare /usr/bin/touch "$PWD/touched" 2>/dev/null | cat >/dev/null || true
    [ ! -e touched ]
}

@test "a blocked SIGTRAP does not let the program run" {
    need_ptrace
    run -0 perl -MPOSIX -e '
        sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTRAP));
        exec @ARGV' "$UEXEC" --compare /usr/bin/touch "$PWD/touched"
    [ ! -e touched ]
}

@test "signals from elsewhere neither hang nor spoil it" {
    need_ptrace
    # SIGWINCH to the whole group, as a terminal sends it, repeatedly
    run -0 perl -e '
        for my $round (1 .. 20) {
            my $pid = fork;
            if ($pid == 0) { setpgrp; open STDERR, ">", "/dev/null"; exec @ARGV }
            my ($status, $tries) = (0, 0);
            until (waitpid $pid, 1) {
                kill WINCH => -$pid;
                select undef, undef, undef, 0.0005;
                if (++$tries > 20000) { kill KILL => -$pid; die "round $round hangs" }
            }
            $? == 0 or die "round $round: status $?";
        }' "$UEXEC" --compare /bin/true
}

@test "a difference is found, printed, and is the status" {
    need_root
    need_ptrace
    # a filter under which prctl(PR_SET_NAME) succeeds without effect: execve's process has its name
    # from the kernel, uexec's keeps the tool's (exe, because it started itself again)
    run -1 perl -e '
        my $filter = join "", map { pack "SCCL", @$_ } (
            [0x20, 0, 0, 0], [0x15, 0, 3, 157],     # the number is prctl
            [0x20, 0, 0, 16], [0x15, 0, 1, 15],     # its first argument PR_SET_NAME
            [6, 0, 0, 0x50000], [6, 0, 0, 0x7fff0000]);
        my $program = pack "Sx6P", 6, $filter;
        syscall(317, 1, 0, $program) == 0 or die "seccomp: $!";
        exec @ARGV' "$UEXEC" --compare /bin/true
    [[ "$output" == *"  2 different"* ]]
    [[ "$output" == *"proc, comm"*"execve: true"*"uexec:  exe"* ]]
}

@test "a trace makes no difference of its own" {
    need_root
    need_ptrace
    run -0 "$UEXEC" --compare --trace=load "$BUILD/samples/hello"
    [[ "$output" == *"  no difference"* ]]
}

@test "a comparison with ten thousand arguments" {
    # shellcheck disable=SC2046
    run -0 "$UEXEC" --compare "$BUILD/samples/hello.static" $(seq 10000)
    [[ "$output" == *"no difference"* ]]
}
