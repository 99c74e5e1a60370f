#!/usr/bin/env bats
# Older kernels than Debian 12's, imitated: a copy of uexec without the alignment that Linux honours since
# 6.10 (and Debian's 6.1) has to move itself, and system calls fail as they would there. kernels.bats tests
# 6.1 itself.

# shellcheck disable=SC2030,SC2031,SC2154 # run sets output and stderr
load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    cp "$UEXEC" older
    # p_align of program header 0: 8 bytes at 64 + 48, 0x1000
    printf '\0\020\0\0\0\0\0\0' | dd of=older bs=1 seek=112 conv=notrunc status=none
    run -0 readelf -lW older
    [[ "$output" =~ LOAD\ +0x000000.*\ 0x1000 ]]
}

# runs_clean COMMAND...: it prints its maps, and nothing of uexec is among them.
runs_clean() {
    run -0 --separate-stderr "$@" /bin/cat /proc/self/maps
    [[ "$output" == *"[stack]"* && "$output" == */cat* ]]
    [[ "$output" != *older* ]]
}

@test "a kernel that does not honour the alignment: uexec moves itself" {
    runs_clean ./older
    [ "$(id -u)" -eq 0 ] || return 0
    local kind
    for kind in hello hello.static hello.static-pie hello.glibc; do
        run -0 ./older --compare "$BUILD/samples/$kind"
        [[ "$output" == *"no difference"* ]]
    done
}

@test "... nor move a file's mapping from under running code: it runs from where it is" {
    need_command strace
    runs_clean strace -o /dev/null --inject=mremap:error=EINVAL ./older
    local kind
    for kind in hello hello.static hello.static-pie hello.glibc; do
        run -0 --separate-stderr strace -o /dev/null --inject=mremap:error=EINVAL \
            ./older -l interp -v "$BUILD/samples/$kind"
        [ "$output" = "Hello from $kind" ]
        [[ "$stderr" == *"the vDSO stays where it is"* ]]
    done
}

@test "a kernel without checkpoint/restore: the program runs, -v says what is uexec's" {
    need_command strace
    run -0 --separate-stderr strace -o /dev/null --inject=prctl:error=EINVAL \
        "$UEXEC" -l interp -v "$BUILD/samples/hello"
    [ "$output" = "Hello from hello" ]
    [[ "$stderr" == *"the kernel does not take the program's layout (Invalid argument)"* ]]
    # above the stack it stays anyway
    [[ "$stderr" == *"the vDSO stays where it is"* || "$("$UEXEC" -v)" == *"above the stack"* ]]
}

@test "a kernel that makes no vDSO anew: every program does without" {
    need_command strace
    local kind
    for kind in hello hello.static-pie hello.glibc hello.glibc.static-pie; do
        run -0 strace -o /dev/null --inject=arch_prctl:error=EINVAL:when=2 "$UEXEC" "$BUILD/samples/$kind"
        [ "$output" = "Hello from $kind" ]
    done
    # if execve gives no vDSO, the vector has no entry for it, and all other entries
    run -0 strace -o /dev/null --inject=arch_prctl:error=EINVAL:when=2 "$UEXEC" -E LD_SHOW_AUXV=1 /bin/true
    [[ "$output" == *AT_PHDR:* && "$output" != *AT_SYSINFO_EHDR:* ]] || [[ "$("$UEXEC" -v)" == *"above the stack"* ]]
}

# row SUBJECT: prints what `uexec -v` says about it.
row() {
    sed -n "s|^  $1  *||p" <<<"$output"
}

@test "-v alone says which of these it is" {
    need_command strace
    run -0 "$UEXEC" -v
    local above=no # the vDSO is above the stack, and stays
    [ "$(row vDSO)" != 'stays where the kernel put it, above the stack' ] || above=yes
    [[ "$(row place)" == 0x*': the kernel put uexec there, out of the way' ||
        "$(row place)" == 0x600000000000': uexec moved itself there, out of the way' ]]
    [ $above = yes ] || [ "$(row vDSO)" = 'the kernel maps a new one, where execve(2) has it' ]
    run -0 ./older -v
    [ "$(row place)" = '0x600000000000: uexec moved itself there, out of the way' ]
    run -0 strace -o /dev/null --inject=mremap:error=EINVAL ./older -v
    [[ "$(row place)" == 0x*': the kernel put uexec there, and cannot move it: the program lies below' ]]
    [[ "$(row vDSO)" == 'stays where it is, '* ]]
    run -0 strace -o /dev/null --inject=prctl:error=EINVAL "$UEXEC" -v
    [[ "$(row layout)" == 'the kernel does not take the program'*' (Invalid argument): '* ]]
    [ "$(row /proc/self/exe)" = "stays uexec's, for the same reason" ]
    [ $above = yes ] || [[ "$(row vDSO)" == 'stays where it is, '* ]]
    run -0 strace -o /dev/null --inject=arch_prctl:error=EINVAL:when=2+ "$UEXEC" -v
    [ $above = yes ] || {
        [ "$(row vDSO)" = 'the kernel maps none anew: the program does without' ]
        [[ "$(row 'last page')" == 'goes if the program has '* ]]
    }
    # written memory may not be executed: the one page that the tool tries
    run -0 strace -o /dev/null --inject=mprotect:error=EACCES "$UEXEC" -v
    [ "$(id -u)" -ne 0 ] || [[ "$(row /proc/self/exe)" == "stays uexec's (memory once written "* ]]
}

@test "a kernel without faccessat2" {
    need_command strace
    run -0 strace -o /dev/null --inject=faccessat2:error=ENOSYS "$UEXEC" -l interp "$BUILD/samples/hello"
    cp "$BUILD/samples/hello" plain
    chmod a-x plain
    run -126 strace -o /dev/null --inject=faccessat2:error=ENOSYS "$UEXEC" ./plain
}
