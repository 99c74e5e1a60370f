#!/usr/bin/env bats
# umaps record: what is written replays to what the kernel has (tests/umaps/replay.py), and the program notices nothing.

load helper

setup() {
    UMAPS=$root/umaps
    cd "$BATS_TEST_TMPDIR"
    # the notifications of seccomp(2), which containers may forbid
    "$UMAPS" record -o probe -- /bin/true 2>probe.err || { grep -q 'cannot install a seccomp filter' probe.err && skip "$(cat probe.err)"; }
}

# program NAME [OPTION]...: builds NAME from the C on standard input.
program() {
    gcc -O1 -w -o "$1" -x c - "${@:2}"
}

# replayed [RECORDING]: the replay agrees with the kernel, and no change is without an explanation.
replayed() {
    run -0 python3 "$BATS_TEST_DIRNAME/umaps/replay.py" "${1:-recording}"
    echo "$output"
    [[ $output != *unexplained* ]]
}

@test "the samples, under uexec and under the kernel" {
    local sample kernel
    for sample in "$BUILD"/samples/{hello,hello.static,hello.glibc,thread-stack,fork-cow,plugin,mremap,malloc-threshold,lazy-binding,malloc-bins.glibc}; do
        for kernel in '' --kernel; do
            # shellcheck disable=SC2086
            "$UMAPS" record $kernel --follow -o recording -- "$sample" >out </dev/null
            replayed
        done
    done
}

@test "the first layout is that of the entry point: with the kernel, as --maps of uexec has it" {
    "$UMAPS" record -o recording -- "$BUILD/samples/hello.glibc" >/dev/null
    "$UEXEC" --no-aslr --maps --json "$BUILD/samples/hello.glibc" 2>maps >/dev/null
    # addresses differ: kinds, sizes, permissions and names do not
    jq -r '.mappings[] | select(.name != "[vsyscall]") | "\(.size) \(.permissions) \(.name)"' maps >expected
    python3 - <<'P' >got
import json
for line in open("recording"):
    event = json.loads(line)
    if event.get("event") == "layout":
        for m in event["mappings"]:
            print(int(m["end"], 16) - int(m["start"], 16), m["permissions"], m["name"])
        break
P
    # where the vDSO is depends on random addresses too
    diff <(grep -v 'stack\]' expected | sort) <(grep -v 'stack\]' got | sort)
}

@test "python3, gcc with its children, bash with children" {
    "$UMAPS" record -o recording -- python3 -c 'import ctypes, json; ctypes.CDLL("libz.so.1")'
    replayed
    echo 'int f(void) { return 1; }' >a.c
    "$UMAPS" record --follow -o recording -- gcc -c a.c
    replayed
    [ -s a.o ]
    # shellcheck disable=SC2016
    run -3 "$UMAPS" record --follow -o recording -- bash -c 'for i in 1 2 3; do (echo $i | cat); done; x=$(seq 3 | tr 1 2); (exec true); exit 3'
    [ "$output" = $'1\n2\n3' ]
    replayed
    [ "$(grep -c '"event":"process"' recording)" -ge 8 ]
}

@test "each call has its arguments, result, caller: as strace has them" {
    need_command strace
    setarch -R true || skip "addresses cannot be made fixed here"
    program calls <<'P'
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    char *a = mmap(0, 3 * 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(a + 4096, 4096, 1);
    char *b = mremap(a, 4096, 20 * 4096, MREMAP_MAYMOVE);
    madvise(b, 4096, MADV_DONTNEED);
    munmap(b, 8192);
    mmap(0, 1ul << 60, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mmap(0, 4096, 3, MAP_PRIVATE, 99, 0);
    mmap((void *)0x20000000, 4 << 20, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mmap(0, 4 << 20, 0, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mmap(0, 4096, 1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    void *s = sbrk(100000);
    brk(s);
    munmap((void *)1, 4096);
    mprotect((void *)0x10000, 4096, 1);
    _exit(0);
}
P
    strace -e trace=mmap,munmap,mremap,mprotect,brk -o strace.out setarch -R ./calls
    setarch -R "$UMAPS" record --kernel -o recording -- ./calls
    replayed
    python3 - <<'P'
import json, re
theirs = []
for line in open("strace.out"):
    m = re.match(r"(\w+)\((.*)\) += (\S+)", line)
    if m and not (m[1] == "mprotect" and "0x" not in m[3] and m[3] not in ("0", "-1")):
        theirs.append((m[1], None if m[3] == "-1" else int(m[3], 0)))
ours = []
started = False
for line in open("recording"):
    event = json.loads(line)
    if event.get("event") in ("mmap", "munmap", "mremap", "mprotect", "brk"):
        ours.append((event["event"], None if event["result"] is None else int(event["result"], 16), event.get("symbol", "")))
# strace has those of setarch before execve as well
theirs = theirs[-len(ours):]
assert len(ours) > 25
for a, b in zip(theirs, ours):
    assert a[0] == b[0] and a[1] == b[1], (a, b)
assert any(b[2].startswith("munmap+") for b in ours), ours
P
}

@test "four threads that map and unmap: 40,000 calls, none lost, and at each checkpoint the layout is the kernel's" {
    program storm -pthread <<'P'
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
static int rounds;
static void *work(void *p)
{
    unsigned seed = (unsigned)(long)p;
    for (int i = 0; i < rounds; i++) {
        size_t length = 4096 * (1 + rand_r(&seed) % 20);
        char *a = mmap(0, length, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        a[0] = 1;
        if (rand_r(&seed) % 2 == 0)
            mprotect(a, 4096, 1);
        else
            mprotect(a, 4096, 5);
        if (rand_r(&seed) % 64)
            munmap(a, length);
        else
            munmap(a, 4096);
    }
    return p;
}
int main(int c, char **v)
{
    pthread_t t[4];
    rounds = atoi(v[1]);
    for (long i = 0; i < 4; i++)
        pthread_create(t + i, 0, work, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], 0);
}
P
    "$UMAPS" record --resident=40 -o recording -- ./storm 3400
    replayed
    local call
    for call in mmap munmap mprotect; do
        [ "$(grep -c "\"event\":\"$call\"" recording)" -ge 13600 ]
    done
    [ "$(grep -c '"when":"checkpoint"' recording)" -ge 2 ]
    grep '"event":"mmap"' recording | grep -c '"failed":true' | grep -qx 0
}

@test "1,000 threads at once" {
    program many -pthread <<'P'
#include <pthread.h>
#include <stdlib.h>
static pthread_barrier_t barrier;
static void *work(void *p)
{
    free(malloc(1000));
    pthread_barrier_wait(&barrier);
    return p;
}
int main(void)
{
    pthread_t t[1000];
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 65536);
    pthread_barrier_init(&barrier, 0, 1001);
    for (int i = 0; i < 1000; i++)
        if (pthread_create(t + i, &a, work, 0))
            return 77;
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 1000; i++)
        pthread_join(t[i], 0);
}
P
    run ./many
    [ "$status" -ne 77 ] || skip "this machine does not allow 1,000 threads"
    "$UMAPS" record -o recording -- ./many
    replayed
    [ "$(grep -c '"event":"thread"' recording)" = 1000 ]
    [ "$(grep -c '"event":"exit"' recording)" = 1000 ]
}

@test "exit status, killing signal, output, arguments and standard input are the program's" {
    run -42 "$UMAPS" record -o recording -- sh -c 'exit 42'
    # shellcheck disable=SC2016
    run -0 bash -c '"$0" record -o recording -- sh -c "kill -SEGV \$\$"; echo $?' "$UMAPS"
    [[ ${lines[-1]} = 139 ]]
    grep -q '"event":"end".*"signal":"11"' recording
    grep -q '"when":"killed"' recording
    # shellcheck disable=SC2016
    run -0 --separate-stderr "$UMAPS" record -o recording -- sh -c 'cat; echo "$0 $1" >&2' -x 'a b' <<<'from here'
    [ "$output" = 'from here' ]
    # shellcheck disable=SC2154
    [ "$stderr" = '-x a b' ]
}

@test "a program that is not there or cannot run: one line, and the shell's status" {
    for kernel in --kernel ''; do
        # shellcheck disable=SC2086
        run -127 "$UMAPS" record $kernel -o recording -- ./nothing
        [ "${#lines[@]}" = 1 ]
        touch plain
        # shellcheck disable=SC2086
        run -126 "$UMAPS" record $kernel -o recording -- ./plain
        [ "${#lines[@]}" = 1 ]
    done
    # without -o: no file stays of a program that did not start; of one that did, its name is reported
    mkdir empty
    (
        cd empty
        run -127 "$UMAPS" record -- ./nothing
        [ -z "$(ls)" ]
        run -0 "$UMAPS" record -- /bin/true
        [[ $output =~ ^umaps:\ [0-9]+\ events\ are\ in\ (umaps\.[0-9]+\.jsonl)$ ]]
        replayed "${BASH_REMATCH[1]}"
    )
    run -125 "$UMAPS" record
    [ "$output" = 'umaps: no program: umaps record [-o FILE] -- PROGRAM [ARG]...' ]
    run -125 "$UMAPS" record -o /nowhere/x -- true
    [ "$output" = 'umaps: /nowhere/x: cannot write (No such file or directory)' ]
    run -125 "$UMAPS" record --resident=0 -- true
    [ "$output" = 'umaps: --resident=0: not a number of milliseconds (1 to 3600000)' ]
}

@test "a full disk: one line, the program goes on, and its status is its own" {
    need_file /dev/full
    run -7 "$UMAPS" record -o /dev/full -- sh -c 'sleep 0.5; echo done; exit 7'
    [ "${#lines[@]}" = 2 ]
    [[ $output == *'umaps: /dev/full: cannot write (No space left on device): the recording ends after '*' events, the program goes on'* ]]
    [[ $output == *done* ]]
}

@test "umaps is killed: the program goes on, its memory calls work" {
    cat >slow.py <<'P'
import mmap, time
for i in range(20):
    m = mmap.mmap(-1, 1 << 20); m[0] = 1; time.sleep(0.05)
open("finished", "w").write("yes")
P
    "$UMAPS" record -o recording -- python3 slow.py 3>&- &
    local umaps=$!
    for _ in {1..100}; do
        grep -q '"event":"mmap"' recording 2>/dev/null && break
        sleep 0.02
    done
    kill -KILL "$umaps"
    wait "$umaps" || true
    for _ in {1..200}; do
        [ -s finished ] && break
        sleep 0.05
    done
    [ "$(cat finished)" = yes ]
    # what was written before is whole lines but for the last
    head -n -1 recording | python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]'
}

@test "a background process that outlives the program goes on" {
    # shellcheck disable=SC2016
    "$UMAPS" record -o recording -- sh -c '(sleep 0.7; python3 -c "print(1)" >later) & exit 0'
    for _ in {1..200}; do
        [ -s later ] && break
        sleep 0.05
    done
    [ "$(cat later)" = 1 ]
}

@test "a program with a seccomp filter of its own, vfork, execve in a thread" {
    program own <<'P'
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <errno.h>
int main(void)
{
    struct sock_filter f[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog p = {4, f};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
        return 2;
    char *a = mmap(0, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mprotect(a, 4096, 1) == 0 || errno != EPERM)
        return 3;
    munmap(a, 8192);
    return 0;
}
P
    "$UMAPS" record -o recording -- ./own
    replayed
    program vforks <<'P'
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int status;
    pid_t child = vfork();
    if (child == 0) {
        execl("/bin/true", "true", (char *)0);
        _exit(1);
    }
    waitpid(child, &status, 0);
    char *a = mmap(0, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    child = vfork();
    if (child == 0) {
        munmap(a, 4096); /* of both */
        _exit(9);
    }
    waitpid(child, &status, 0);
    return WEXITSTATUS(status) != 9;
}
P
    local follow
    for follow in '' --follow; do
        # shellcheck disable=SC2086
        "$UMAPS" record $follow -o recording -- ./vforks
        replayed
    done
    program threadexec -pthread <<'P'
#include <pthread.h>
#include <unistd.h>
static void *other(void *p) { pause(); return p; }
static void *run(void *p) { execl("/bin/echo", "echo", "from a thread", (char *)0); return p; }
int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, other, 0);
    pthread_create(&t, 0, run, 0);
    pause();
}
P
    run -0 "$UMAPS" record -o recording -- ./threadexec
    [ "$output" = 'from a thread' ]
    replayed
    [ "$(grep -c '"when":"entry"' recording)" = 2 ]
}

@test "a failing execve is no new program" {
    program failing <<'P'
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    execl("/nowhere", "x", (char *)0);
    mmap(0, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return 0;
}
P
    "$UMAPS" record -o recording -- ./failing
    replayed
    [ "$(grep -c '"when":"entry"' recording)" = 1 ]
    [ "$(grep -c '"event":"execve"' recording)" = 1 ]
}

@test "strace and gdb have the ptrace slot" {
    need_command strace
    need_command gdb
    "$UMAPS" record --follow -o recording -- strace -f -o trace "$BUILD/samples/hello.glibc" >out
    grep -q 'Hello' out
    grep -q 'write(1' trace
    run -0 "$UMAPS" record --follow -o recording -- gdb -nx -batch -ex 'break main' -ex run -ex 'info symbol $pc' "$BUILD/samples/hello.glibc"
    [[ $output == *'main'*'in section .text'* ]]
}

@test "signals that somebody sends to umaps are the program's" {
    # shellcheck disable=SC2016
    "$UMAPS" record -o recording -- sh -c 'trap "echo caught; exit 5" TERM; echo ready; while :; do sleep 0.05; done' >out 3>&- &
    local umaps=$!
    for _ in {1..200}; do
        grep -q ready out && break
        sleep 0.02
    done
    kill -TERM "$umaps"
    local result=0
    wait "$umaps" || result=$?
    [ "$result" = 5 ]
    grep -q caught out
}

@test "as an ordinary user, and a set-user-ID program" {
    need_root
    local dir
    dir=$(mktemp -d /tmp/umaps.XXXXXX)
    chmod 755 "$dir"
    cp "$UMAPS" "$dir/umaps"
    install -d -o 65534 "$dir/work"
    cp "$(command -v id)" "$dir/id"
    chown root "$dir/id"
    chmod 4755 "$dir/id"
    run -0 bash -c 'cd "$0/work" && setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$0/umaps" record --kernel -o recording -- "$0/id" -u' "$dir"
    [ "${lines[-1]}" = 65534 ] # no_new_privs
    replayed "$dir/work/recording"
    rm -r "$dir"
}

@test "before Linux 6.11, where the kernel cannot be asked for one mapping" {
    gcc -O1 -w -o older "$BATS_TEST_DIRNAME/umaps/older.c"
    program threads -pthread <<'P'
#include <pthread.h>
#include <sys/mman.h>
static void *work(void *p)
{
    for (int i = 0; i < 200; i++) {
        char *a = mmap(0, 4096 * (1 + i % 7), 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(a, 4096, 1);
        if (i % 3)
            munmap(a, 4096);
    }
    return p;
}
int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(t + i, 0, work, 0);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], 0);
}
P
    local command
    for command in "$BUILD/samples/malloc-threshold" "$BUILD/samples/mremap.glibc" ./threads; do
        ./older "$UMAPS" record -o recording -- "$command" >/dev/null
        replayed
    done
}

@test "a checkpoint every 5 ms of processes that start, run and end others: with the sanitizers, and without" {
    local umaps
    for umaps in "$UMAPS" "$BUILD/tests/umaps"; do
        # shellcheck disable=SC2016
        ASAN_OPTIONS=detect_leaks=0 "$umaps" record --kernel --follow --resident=5 -o recording -- \
            bash -c 'for i in 1 2 3 4 5 6 7 8; do (exec python3 -c "import json") ; x=$(seq 3 | tr 1 2); done' >/dev/null
        replayed
        [ "$(grep -c '"when":"checkpoint"' recording)" -ge 5 ]
    done
}

@test "damaged recordings: report and diff end with a line, or without (sanitizers)" {
    need_file "$BUILD/tests/umaps"
    "$UMAPS" record --trace=bind --follow -o recording -- "$BUILD/samples/fork-cow" >/dev/null
    seeded 1
    ASAN_OPTIONS=detect_leaks=0 python3 "$BATS_TEST_DIRNAME/umaps/mutate.py" "$seed" 60 recording \
        "$BUILD/tests/umaps report {} -o page.html" "$BUILD/tests/umaps diff {} recording"
}

@test "a terminal that closes: the recording goes on to the end of the program" {
    cat >closes.py <<'P'
import os, pty, sys, time
pid, master = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "record", "-o", "recording", "--", "sh", "-c",
                           "trap '' HUP; touch ready; sleep 0.5; /bin/true; touch finished"])
while not os.path.exists("ready"):
    time.sleep(0.02)
os.close(master)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
P
    timeout 30 python3 closes.py "$UMAPS"
    [ -e finished ]
    grep -q '"event":"end".*"status":"0"' recording
    replayed
}

@test "without /proc: a line" {
    need_root
    unshare -m true 2>/dev/null || skip "no mount namespaces here"
    # shellcheck disable=SC2016
    run -126 unshare -m sh -c 'umount -l /proc && "$0" record --kernel -o recording -- true' "$UMAPS"
    [ "$output" = 'umaps: there is no /proc here: umaps reads it' ]
    # shellcheck disable=SC2016
    run -126 unshare -m sh -c 'umount -l /proc && "$0" 1' "$UMAPS"
    [ "$output" = 'umaps: there is no /proc here: umaps reads it' ]
}

@test "a child that is killed, and one that ends with threads: their last layout, and nothing afterwards" {
    program ends -pthread <<'P'
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static void *work(void *p)
{
    for (;;)
        munmap(mmap(0, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
    return p;
}
int main(void)
{
    pthread_t t;
    if (fork() == 0) {
        for (int i = 0; i < 3; i++)
            pthread_create(&t, 0, work, 0);
        usleep(30000);
        exit(0);
    }
    wait(0);
    if (fork() == 0) {
        mmap(0, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        raise(SIGKILL);
    }
    wait(0);
    usleep(600000); /* the recorder looks for what has ended five times a second */
    return 0;
}
P
    "$UMAPS" record --follow --resident=300 -o recording -- ./ends
    replayed
    [ "$(grep -c '"event":"process"' recording)" = 2 ]
    [ "$(grep -c '"when":"killed"' recording)" = 1 ]
    # while the parent still runs
    [ "$(grep -n '"when":"killed"' recording | cut -d: -f1)" -lt "$(grep -n '"when":"exit"' recording | tail -1 | cut -d: -f1)" ]
    [ "$(grep -c '"when":"exit"' recording)" = 2 ]
    [ "$(grep -c '"when":"checkpoint"' recording)" -ge 1 ]
}

@test "a call that fails while its thread computes does not slow the others down" {
    program fails -pthread <<'P'
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
static atomic_int failed, done;
static void *work(void *p)
{
    if (p)
        mmap(0, 1ul << 60, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    failed = 1;
    while (!done)
        ;
    return p;
}
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
int main(int c, char **v)
{
    pthread_t t;
    pthread_create(&t, 0, work, c > 1 ? &t : 0);
    while (!failed)
        ;
    double start = seconds();
    for (int i = 0; i < 1000; i++)
        munmap(mmap(0, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
    printf("%f\n", seconds() - start);
    done = 1;
    pthread_join(t, 0);
    return 0;
}
P
    local plain fails
    plain=$("$UMAPS" record -o recording -- ./fails)
    fails=$("$UMAPS" record -o recording -- ./fails yes)
    replayed
    grep '"event":"mmap"' recording | grep -q '"failed":true'
    # a wait of some milliseconds for each of 2,000 calls would be 50 times as long
    python3 -c 'import sys; plain, fails = map(float, sys.argv[1:]); assert fails < 8 * plain + 0.2, (plain, fails)' "$plain" "$fails"
}

@test "the recording is not the program, and the page not the recording" {
    cp "$BUILD/samples/hello.static" prog
    cp prog before
    run -125 "$UMAPS" record -o prog -- ./prog
    [ "$output" = 'umaps: prog: the recording would overwrite the program' ]
    PATH=$PWD:$PATH run -125 "$UMAPS" record --kernel -o ./prog -- prog
    cmp prog before
    "$UMAPS" record -o recording -- ./prog >/dev/null
    cp recording before
    run -125 "$UMAPS" report recording -o ./recording
    [ "$output" = 'umaps: ./recording: the page would overwrite the recording' ]
    cmp recording before
}

@test "a program whose file has uexec's inode number, on another file system" {
    need_root
    unshare -m true 2>/dev/null || skip "no mount namespaces here"
    # a file system of its own counts its inodes from the beginning: a file of that number is made among many
    cat >same.sh <<'S'
set -e
inode=$(stat -c %i "$1/uexec")
mkdir -p other
mount -t tmpfs -o nr_inodes=0 none other
cp "$1/uexec" "$1/umaps" "$2" other/
cd other
first=$(stat -c %i uexec)
mkdir more
mount -t tmpfs none more
for i in $(seq 1 40); do cp "$3" "more/prog$i"; done
same=$(find more -inum "$first" -name 'prog*')
[ -n "$same" ] || exit 77
./umaps record -o "$4/recording" -- "./$same"
S
    run unshare -m bash same.sh "$root" "$BUILD/lib/libc.so" "$BUILD/samples/hello.glibc.static" "$PWD"
    [ "$status" -ne 77 ] || skip "no file has the number here"
    [ "$status" -eq 0 ]
    replayed
}

@test "the break of a child is its parent's, to the byte" {
    program breaks <<'P'
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    char *now = (char *)syscall(SYS_brk, 0);
    syscall(SYS_brk, now + 100123);
    if (fork() == 0)
        _exit(syscall(SYS_brk, 0) != (long)(now + 100123));
    int status;
    wait(&status);
    printf("%p\n", now + 100123);
    return status;
}
P
    local expected
    expected=$("$UMAPS" record --follow -o recording -- ./breaks)
    replayed
    local child
    child=$(jq 'select(.event == "process").process' recording)
    [ "$(jq -r "select(.event == \"brk\" and .process == $child).result" recording | head -1)" = "$expected" ]
}
