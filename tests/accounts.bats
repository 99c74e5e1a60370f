#!/usr/bin/env bats
# /proc/self/exe for an ordinary user, and capabilities of uexec's own file. The expectation is what execve
# gives the same user.

# shellcheck disable=SC2016 # scripts in single quotes expand their own variables
load helper

setup() {
    need_root
    need_command setpriv
    place=$(mktemp -d "${TMPDIR:-/tmp}/accounts.XXXXXX")
    chmod 755 "$place"
    cd "$place" || return 1
    cp "$UEXEC" uexec
    user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
}

teardown() {
    [ -z "${place:-}" ] || rm -r "$place"
}

# Tells whether user namespaces may be made, without going through uexec.
need_user_namespaces() {
    "${user[@]}" unshare --user true || skip "no user namespaces for an ordinary user"
}

# same_as_execve COMMAND...: the command has the same output and status under uexec as under execve, for that user.
same_as_execve() {
    run "${user[@]}" "$@"
    local expected=$output expected_status=$status
    run "${user[@]}" ./uexec --linker=interp "$@"
    echo "execve: $expected_status: $expected; uexec: $status: $output"
    [ "$output" = "$expected" ] && [ "$status" -eq "$expected_status" ]
}

@test "\$ORIGIN is the program's folder for an ordinary user, under glibc's and musl's linker" {
    need_user_namespaces
    need_command gcc
    mkdir bin lib
    echo 'int value(void) { return 7; }' >lib.c
    echo 'int value(void); int main(void) { return value(); }' >main.c
    local cc
    for cc in gcc musl-gcc; do
        $cc -shared -fPIC -o "lib/lib$cc.so" lib.c "-Wl,-soname,lib$cc.so"
        $cc -o "bin/$cc" main.c "lib/lib$cc.so" -Wl,-rpath,'$ORIGIN/../lib'
        run -7 "${user[@]}" ./uexec --linker=interp "bin/$cc"
        same_as_execve "bin/$cc"
    done
}

@test "programs that find themselves by /proc/self/exe: scripts, links, PATH, another folder" {
    need_user_namespaces
    same_as_execve readlink /proc/self/exe
    ln -s /usr/bin/readlink linked
    same_as_execve ./linked /proc/self/exe
    printf '#!/usr/bin/readlink /proc/self/exe\n' >script
    chmod +x script
    run "${user[@]}" ./script
    local expected=$output
    run "${user[@]}" ./uexec ./script
    [ "$output" = "$expected" ]
    cp /bin/busybox busybox
    for name in ./busybox "$place/busybox"; do
        same_as_execve "$name" readlink /proc/self/exe
    done
}

@test "credentials, namespaces, children and signals stay the user's" {
    need_user_namespaces
    local what
    for what in 'grep -E ^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp|SigPnd|ShdPnd|Threads) /proc/self/status' \
        'readlink /proc/self/ns/user' 'readlink /proc/self/ns/pid' 'cat /proc/self/uid_map' \
        'cat /proc/thread-self/children'; do
        # shellcheck disable=SC2086 # a command and its arguments
        same_as_execve $what
    done
}

@test "an image that is mapped, and one that was removed, are named as execve names them" {
    need_user_namespaces
    cp /bin/busybox busybox
    # the name follows the file
    same_as_execve ./busybox sh -c 'cd /; readlink /proc/self/exe'
    local script='mv busybox moved; readlink /proc/self/exe; mv moved busybox'
    chmod 777 .
    same_as_execve ./busybox sh -c "$script"
}

@test "where user namespaces are refused it stays uexec's, and -v says what refuses" {
    need_command strace
    cp /bin/busybox busybox
    # strace makes the calls fail as a sysctl, an LSM or seccomp does
    local error
    for error in EPERM ENOSPC ENOSYS; do
        run -0 "${user[@]}" strace -f -o /dev/null "--inject=unshare:error=$error" \
            "--inject=clone:error=$error:when=2+" ./uexec -v ./busybox readlink /proc/self/exe
        [[ "$output" == *"/proc/self/exe stays uexec's: setting it takes CAP_CHECKPOINT_RESTORE, and a user namespace is refused ("*")"* ]]
        [[ "$output" == *"$place/uexec" ]]
    done
    # for a process in a chroot the kernel refuses user namespaces
    mkdir root
    cp uexec busybox root
    run -0 chroot root ./busybox true
    run chroot --userspec=65534:65534 root ./uexec -v ./busybox true
    [ "$status" -eq 0 ]
    [[ "$output" == *"a user namespace is refused (Operation not permitted)"* ]]
}

@test "--compare has it among the known reasons where it stays, and compares it where not" {
    need_user_namespaces
    chmod 777 .
    run -0 "${user[@]}" ./uexec --compare /bin/true
    [[ "$output" == *"no difference" ]]
    # the child cannot be made, because the limit of user namespaces is reached
    run -0 "${user[@]}" unshare --user ./uexec --compare /bin/true
    [[ "$output" == *"no difference, but for what has a known reason:"*"proc, exe (setting it takes CAP_CHECKPOINT_RESTORE"* ]]
}

@test "a capability of uexec's own file does not reach the program" {
    need_command setcap
    setcap cap_checkpoint_restore+ep uexec || skip "no file capabilities on this file system"
    local what
    for what in 'grep -E ^Cap /proc/self/status' 'readlink /proc/self/exe' \
        'stat -c %u:%g /proc/self/status'; do
        # shellcheck disable=SC2086
        same_as_execve $what
    done
    run -0 "${user[@]}" env LD_SHOW_AUXV=1 /bin/true
    local expected
    expected=$(grep AT_SECURE <<<"$output")
    [ "${expected##* }" = 0 ]
    run -0 "${user[@]}" ./uexec -E LD_SHOW_AUXV=1 /bin/true
    [ "$(grep AT_SECURE <<<"$output")" = "$expected" ]
    # the same with -v, with --compare, and when the tool has started itself a second time
    run -0 "${user[@]}" ./uexec --no-aslr -v /bin/grep -E ^CapEff /proc/self/status
    [[ "$output" == *$'CapEff:\t0000000000000000' ]]
    run -0 "${user[@]}" ./uexec --compare /bin/true
    [[ "$output" == *"no difference" ]]
}

@test "inheritable and ambient capabilities are kept, as execve keeps them" {
    local ambient=("${user[@]}" --inh-caps +net_raw --ambient-caps +net_raw)
    "${ambient[@]}" true || skip "no ambient capabilities here"
    run -0 "${ambient[@]}" grep -E ^Cap /proc/self/status
    local expected=$output
    run -0 "${ambient[@]}" ./uexec /bin/grep -E ^Cap /proc/self/status
    [ "$output" = "$expected" ]
    need_command setcap
    setcap cap_checkpoint_restore+ep uexec || skip "no file capabilities on this file system"
    # a file's capabilities clear the ambient ones (capabilities(7)), which uexec was started with
    run -0 "${ambient[@]}" ./uexec /bin/grep -E '^Cap(Prm|Eff|Amb)' /proc/self/status
    [ "$(awk '{ print $2 }' <<<"$output" | sort -u)" = 0000000000000000 ]
}

@test "root's capabilities stay root's" {
    need_command setcap
    setcap cap_checkpoint_restore+ep uexec || skip "no file capabilities on this file system"
    run -0 grep -E ^Cap /proc/self/status
    local expected=$output
    run -0 ./uexec /bin/grep -E ^Cap /proc/self/status
    [ "$output" = "$expected" ]
}

@test "user 0 without its privileges, or with another effective user: as execve leaves it" {
    need_command setcap
    setcap cap_checkpoint_restore+ep uexec || skip "no file capabilities on this file system"
    cp "$UEXEC" plain
    local as which
    # (A process with effective user 0 and another real user gets no more from a file than the file has: the
    # kernel has dropped the rest before uexec starts.)
    for which in './uexec|--securebits +noroot' './uexec|--euid 65534' './uexec|--bounding-set -net_raw' \
        './uexec|--securebits +noroot --euid 65534' './plain|--securebits +noroot' './plain|--euid 65534' \
        './plain|--ruid 65534' './plain|--ruid 65534 --bounding-set -net_raw' './plain|--rgid 65534'; do
        as=${which#*|}
        # shellcheck disable=SC2086
        run setpriv $as grep -E '^Cap' /proc/self/status
        local expected=$output
        # shellcheck disable=SC2086
        run setpriv $as "${which%|*}" /bin/grep -E '^Cap' /proc/self/status
        echo "$as: $expected; uexec: $output"
        [ "$output" = "$expected" ]
        # shellcheck disable=SC2086
        run setpriv $as env LD_SHOW_AUXV=1 /bin/true
        expected=$(grep AT_SECURE <<<"$output" || true)
        # shellcheck disable=SC2086
        run setpriv $as "${which%|*}" -E LD_SHOW_AUXV=1 /bin/true
        [ "$(grep AT_SECURE <<<"$output" || true)" = "$expected" ]
    done
}

@test "nothing is opened or written with a capability of uexec's own file" {
    need_command setcap
    setcap cap_dac_override,cap_dac_read_search+ep uexec || skip "no file capabilities on this file system"
    echo kept >secret
    chmod 600 secret
    run -125 "${user[@]}" ./uexec --dry-run -o secret /bin/true
    [ "$(cat secret)" = kept ]
    cp /bin/busybox busybox
    chmod 711 busybox
    run -126 "${user[@]}" ./uexec ./busybox true
    [[ "$output" == *"may be executed but not read"* ]]
}

@test "a set-user-ID uexec does not start itself for ever" {
    cp "$UEXEC" set-uid
    chmod u+s set-uid
    run -125 timeout 20 ./set-uid --no-aslr "$BUILD/samples/hello.static"
    [[ "$output" == *"--no-aslr: the kernel switches randomness on again when it starts uexec"* ]]
    chmod u-s,g+s set-uid
    run -125 timeout 20 ./set-uid --no-aslr "$BUILD/samples/hello.static"
    run -0 timeout 20 ./set-uid --compare "$BUILD/samples/hello.static"
    [[ "$output" == *"no difference" ]]
}

@test "under a seccomp filter the program is not risked for /proc/self/exe" {
    need_command perl
    # the filter kills a clone(2) with CLONE_NEWUSER; A is the low half of the flags
    cat >without <<'.'
        my $filter = join "", map { pack "SCCL", @$_ } (
            [0x20, 0, 0, 0], [0x15, 0, 3, 56],              # clone
            [0x20, 0, 0, 16], [0x45, 0, 1, 0x10000000],     # & CLONE_NEWUSER
            [6, 0, 0, 0x80000000], [6, 0, 0, 0x7fff0000]);
        my $program = pack "Sx6P", 6, $filter;
        syscall(157, 38, 1, 0, 0, 0) == 0 && syscall(317, 1, 0, $program) == 0 or die "seccomp: $!";
        exec @ARGV
.
    cp /bin/busybox busybox
    run -0 "${user[@]}" perl ./without ./busybox echo native
    # the filter works
    run "${user[@]}" perl ./without unshare --user true
    run -0 "${user[@]}" perl ./without ./uexec ./busybox echo here
    [ "$output" = here ]
    run -0 "${user[@]}" perl ./without ./uexec -v ./busybox true
    [[ "$output" == *"a user namespace, under a seccomp filter, is refused (Operation not permitted)"* ]]
}
