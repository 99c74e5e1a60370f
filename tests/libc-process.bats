#!/usr/bin/env bats
# libc-min and the process around it: its headers, older kernels, a missing /proc, forks. ucc builds each
# program.

# shellcheck disable=SC2030,SC2031 # run sets status and output
load helper

# compile KIND [OPTION]... <<SOURCE: $BATS_TEST_TMPDIR/KIND, by `ucc -KIND`; `pie` is dynamic, `musl` is
# by musl-gcc and static.
compile() {
    local kind=$1 compiler="$BUILD/ucc -$1"
    shift
    need_file "$BUILD/ucc"
    [[ $kind != musl ]] || compiler="${MUSLCC:-musl-gcc} -static"
    # shellcheck disable=SC2086 # command and option
    $compiler -D_GNU_SOURCE -O1 -w -fno-builtin -pthread -o "$BATS_TEST_TMPDIR/$kind" -x c - "$@"
}

@test "-z stack-size is the default size of threads' stacks, which it raises to at most 8 MiB" {
    local kind size source
    source='#include <pthread.h>
            #include <stdio.h>
            static void *use(void *size) {
                volatile char used[(size_t)size - 16384];
                for (size_t at = 0; at < sizeof used; at += 1024) used[at] = 1;
                return NULL; }
            int main(void) {
                pthread_attr_t attr; size_t size; pthread_t thread;
                pthread_attr_init(&attr);
                pthread_attr_getstacksize(&attr, &size);
                pthread_create(&thread, NULL, use, (void *)size);
                pthread_join(thread, NULL);
                printf("%zu\n", size); }'
    for size in 0x1000 0x20001 0x400000 0x4000000; do
        compile musl -Wl,-z,stack-size=$size <<<"$source"
        run -0 "$BATS_TEST_TMPDIR/musl"
        expected=$output
        for kind in static static-pie; do
            compile "$kind" -Wl,-z,stack-size=$size <<<"$source"
            run -0 "$BATS_TEST_TMPDIR/$kind"
            [ "$output" = "$expected" ]
        done
    done
    [ "$expected" = 8388608 ]
}

# What the kernel lacks: lacks(NUMBER, ERROR) makes a system call fail for the rest of the process.
lacks='#include <errno.h>
       #include <fcntl.h>
       #include <stddef.h>
       #include <stdio.h>
       #include <stdlib.h>
       #include <string.h>
       #include <sys/mman.h>
       #include <sys/prctl.h>
       #include <sys/stat.h>
       #include <sys/syscall.h>
       #include <sys/wait.h>
       #include <unistd.h>
       struct instruction { unsigned short code; unsigned char yes, no; unsigned value; };
       static void lacks(int number, int error) {
           struct instruction code[] = { /* seccomp(2): load the number, compare, answer */
               {0x20, 0, 0, 0}, {0x15, 0, 1, number}, {0x06, 0, 0, 0x00050000 | error}, {0x06, 0, 0, 0x7fff0000}};
           struct { unsigned short count; struct instruction *code; } filter = {4, code};
           if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &filter, 0, 0))
               exit(77); }
       #define CHECK(what) ((what) ? 0 : (bad = 1, printf("%d: not so: %s: %m\n", __LINE__, #what)))
       static int bad;'

# works_without CALL <<BODY: the statements, with files `text` and `dir`, print nothing on a kernel that
# has system call CALL, on one that lacks it, and under a seccomp filter that refuses unknown calls.
works_without() {
    local kind error body
    body=$(cat)
    cd "$BATS_TEST_TMPDIR" || return
    for kind in static static-pie pie; do
        compile "$kind" <<<"$lacks
            int main(int argc, char **argv) {
                if (atoi(argv[1])) lacks($1, atoi(argv[1]));
                umask(022);
                $body
                CHECK(waitpid(-1, NULL, __WALL) == -1 && errno == ECHILD);
                return bad; }"
        for error in 0 38 1; do # ENOSYS, EPERM
            run "./$kind" "$error"
            [ "$status" -ne 77 ] || skip "there is no seccomp"
            printf '%s, error %s, status %s: %s\n' "$kind" "$error" "$status" "$output"
            [ "$status" -eq 0 ]
            [ -z "$output" ]
        done
    done
}

@test "without faccessat2 (Linux 5.8) eaccess and faccessat know all flags, and ask the right ids" {
    works_without 439 <<'C'
    CHECK(eaccess("/", R_OK) == 0 && euidaccess("/", X_OK) == 0);
    CHECK(faccessat(AT_FDCWD, "/", R_OK, AT_EACCESS) == 0);
    CHECK(faccessat(AT_FDCWD, "nowhere", F_OK, AT_EACCESS) == -1 && errno == ENOENT);
    CHECK(faccessat(AT_FDCWD, "/", 8, AT_EACCESS) == -1 && errno == EINVAL);
    CHECK(faccessat(AT_FDCWD, "/", R_OK, 0x40000000) == -1 && errno == EINVAL);
    unlink("dangling");
    CHECK(symlink("nowhere", "dangling") == 0);
    CHECK(faccessat(AT_FDCWD, "dangling", R_OK, AT_EACCESS) == -1 && errno == ENOENT);
    CHECK(faccessat(AT_FDCWD, "dangling", R_OK, AT_SYMLINK_NOFOLLOW) == 0);
    CHECK(faccessat(AT_FDCWD, "nowhere", R_OK, AT_SYMLINK_NOFOLLOW) == -1 && errno == ENOENT);
    int fd = open("/", O_PATH);
    CHECK(faccessat(fd, "", X_OK, AT_EMPTY_PATH) == 0);
    CHECK(faccessat(fd, "etc", X_OK, AT_EACCESS | AT_EMPTY_PATH) == 0);
    CHECK(faccessat(AT_FDCWD, "", X_OK, AT_EMPTY_PATH) == 0);
    CHECK(faccessat(fd, "", X_OK, AT_EACCESS) == -1 && errno == ENOENT);
    if (getuid() == 0) {
        unlink("/tmp/libc-process-mine");
        fd = open("/tmp/libc-process-mine", O_CREAT | O_WRONLY, 0600);
        for (int effective = 0; effective < 2; effective++) {
            fflush(stdout);
            if (fork() == 0) {
                uid_t real = effective ? 0 : 65534, as = effective ? 65534 : 0;
                CHECK(setresgid(real, as, 0) == 0 && setresuid(real, as, 0) == 0);
                const char *name = "/tmp/libc-process-mine";
                CHECK(access(name, R_OK) == -!effective);
                CHECK(eaccess(name, R_OK) == -effective);
                CHECK(faccessat(AT_FDCWD, name, W_OK, 0) == -!effective);
                CHECK(faccessat(AT_FDCWD, name, W_OK, AT_EACCESS) == -effective);
                CHECK(getuid() == real && geteuid() == as && getgid() == real && getegid() == as);
                exit(bad);
            }
            int status;
            CHECK(wait(&status) > 0 && status == 0);
        }
        unlink("/tmp/libc-process-mine");
    }
C
}

@test "without getrandom (Linux 3.17) random bytes and temporary names are there" {
    works_without 318 <<'C'
    extern int getentropy(void *, size_t);
    extern ssize_t getrandom(void *, size_t, unsigned);
    char a[64] = "", b[64] = "", first[] = "/tmp/libc-XXXXXX", second[] = "/tmp/libc-XXXXXX";
    CHECK(getrandom(a, 64, 0) == 64 && getrandom(b, 64, 0) == 64 && memcmp(a, b, 64) != 0);
    CHECK(memcmp(a, (char[64]){0}, 64) != 0);
    CHECK(getrandom(a, 64, 1) == 64 && memcmp(a, b, 64) != 0); /* GRND_NONBLOCK */
    CHECK(getrandom(a, 8, 0x800) == -1 && errno == EINVAL);
    CHECK(getentropy(a, 64) == 0 && getentropy(b, 64) == 0 && memcmp(a, b, 64) != 0);
    int one = mkstemp(first), two = mkstemp(second);
    CHECK(one >= 0 && two == one + 1 && strcmp(first, second) != 0); /* no descriptor is left open */
    CHECK(unlink(first) == 0 && unlink(second) == 0);
    FILE *file = tmpfile();
    CHECK(file != NULL);
    fclose(file);
C
}

@test "without copy_file_range (Linux 4.5) a range is copied, and the same is refused" {
    works_without 326 <<'C'
    char text[50000], copy[50000];
    for (int i = 0; i < 50000; i++) text[i] = (char)(i * 7 + i / 256);
    int from = open("from", O_RDWR | O_CREAT | O_TRUNC, 0600), to = open("to", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(write(from, text, 50000) == 50000 && lseek(from, 0, SEEK_SET) == 0);
    long part, whole = 0;
    while ((part = copy_file_range(from, NULL, to, NULL, 100000, 0)) > 0) whole += part;
    CHECK(part == 0 && whole == 50000);
    CHECK(lseek(from, 0, SEEK_CUR) == 50000 && lseek(to, 0, SEEK_CUR) == 50000);
    CHECK(pread(to, copy, 50000, 0) == 50000 && memcmp(text, copy, 50000) == 0);
    off_t read_at = 100, write_at = 49000;
    CHECK(copy_file_range(from, &read_at, to, &write_at, 5, 0) == 5);
    CHECK(read_at == 105 && write_at == 49005 && lseek(from, 0, SEEK_CUR) == 50000);
    CHECK(pread(to, copy, 5, 49000) == 5 && memcmp(text + 100, copy, 5) == 0);
    read_at = 60000;
    CHECK(copy_file_range(from, &read_at, to, NULL, 5, 0) == 0);
    CHECK(copy_file_range(from, NULL, to, NULL, 5, 1) == -1 && errno == EINVAL);
    CHECK(copy_file_range(99, NULL, to, NULL, 5, 0) == -1 && errno == EBADF);
    int folder = open(".", O_RDONLY), end = open("to", O_WRONLY | O_APPEND);
    CHECK(copy_file_range(folder, NULL, to, NULL, 5, 0) == -1 && errno == EISDIR);
    CHECK(copy_file_range(from, NULL, end, NULL, 5, 0) == -1 && errno == EBADF);
    CHECK(copy_file_range(end, NULL, to, NULL, 5, 0) == -1 && errno == EBADF);
    read_at = 0, write_at = 10;
    CHECK(copy_file_range(from, &read_at, from, &write_at, 20, 0) == -1 && errno == EINVAL);
    write_at = 60000;
    CHECK(copy_file_range(from, &read_at, from, &write_at, 20, 0) == 20);
C
}

@test "without execveat (Linux 3.19) fexecve runs programs and scripts" {
    works_without 322 <<'C'
    int script = open("script", O_RDWR | O_CREAT | O_TRUNC, 0755), status;
    dprintf(script, "#!/bin/sh\nexit $1\n");
    close(script);
    script = open("script", O_RDONLY);
    int shell = open("/bin/sh", O_RDONLY | O_CLOEXEC), plain = open("from", O_RDWR | O_CREAT, 0600);
    for (int i = 0; i < 2; i++) {
        fflush(stdout);
        if (fork() == 0) {
            fexecve(i ? script : shell, (char *[]){"x", i ? "5" : "-c", "exit $X", NULL}, (char *[]){"X=6", NULL});
            _exit(1);
        }
        CHECK(wait(&status) > 0 && status == (6 - i) << 8);
    }
    CHECK(fexecve(99, argv, argv) == -1 && errno == EBADF);
    CHECK(fexecve(plain, argv, argv) == -1 && errno == EACCES);
C
}

@test "without mlock2 (Linux 4.4) mlock2 without flags locks" {
    works_without 325 <<'C'
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mlock2(page, 4096, 0) == 0 && munlock(page, 4096) == 0);
    CHECK(mlock2((void *)4096, 4096, 0) == -1 && errno == ENOMEM);
C
}

@test "without fchmodat2 (Linux 6.6) fchmodat knows AT_SYMLINK_NOFOLLOW" {
    works_without 452 <<'C'
    struct stat status;
    int folder = open(".", O_RDONLY | O_DIRECTORY);
    unlink("link"), unlink("file");
    CHECK(symlink("file", "link") == 0);
    close(open("file", O_CREAT | O_WRONLY, 0600));
    CHECK(fchmodat(folder, "file", 0640, AT_SYMLINK_NOFOLLOW) == 0);
    CHECK(stat("file", &status) == 0 && (status.st_mode & 07777) == 0640);
    CHECK(fchmodat(folder, "link", 0644, 0) == 0);
    CHECK(stat("file", &status) == 0 && (status.st_mode & 07777) == 0644);
    CHECK(fchmodat(folder, "link", 0600, AT_SYMLINK_NOFOLLOW) == -1 && errno == EOPNOTSUPP);
    CHECK(stat("file", &status) == 0 && (status.st_mode & 07777) == 0644);
    CHECK(fchmodat(folder, "nowhere", 0600, AT_SYMLINK_NOFOLLOW) == -1 && errno == ENOENT);
    CHECK(fchmodat(folder, "file", 0600, 1) == -1 && errno == EINVAL);
C
}

@test "a thread ends only when nobody is about to give its id to the kernel" {
    need_command strace
    local kind call number attempt
    cd "$BATS_TEST_TMPDIR"
    for kind in static pie; do
        compile "$kind" <<'C'
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
static volatile int begun, go;
static void *run(void *nothing)
{
    begun = 1;
    while (!go)
        usleep(1000);
    return nothing;
}
/* The thread may end as soon as the call is under way, and each takes half a second to begin. */
int main(int argc, char **argv)
{
    struct sched_param param = {0};
    int policy;
    cpu_set_t set;
    pthread_t thread;
    sched_getaffinity(0, sizeof set, &set);
    pthread_create(&thread, NULL, run, NULL);
    while (!begun)
        usleep(1000);
    go = 1;
    switch (atoi(argv[1])) {
    case 0: return pthread_kill(thread, 0);
    case 1: return pthread_getschedparam(thread, &policy, &param);
    case 2: return pthread_setschedparam(thread, SCHED_OTHER, &param);
    case 3: return pthread_setschedprio(thread, 0);
    case 4: return pthread_setaffinity_np(thread, sizeof set, &set);
    case 5: return pthread_getaffinity_np(thread, sizeof set, &set);
    case 6: pthread_setname_np(thread, "name");
    }
}
C
        number=0
        for call in tgkill sched_getparam sched_setscheduler sched_setparam sched_setaffinity \
            sched_getaffinity open; do
            # on a busy machine the thread may end before the call, which is then not made: another try
            for attempt in {1..10}; do
                strace -f -o calls -e trace=$call -e inject=$call:delay_enter=500000 "./$kind" $number || true
                cat calls
                run ! grep -E 'ESRCH|comm.*ENOENT' calls
                ! grep -qE "^[0-9]* *$call\((\"/proc/.*comm|[0-9]+, [1-9]|[1-9])" calls || break
            done
            ((attempt < 10))
            number=$((number + 1))
        done
    done
}

@test "__cxa_thread_atexit_impl: last first, when the thread ends and at exit, before keys and atexit(), as on glibc" {
    cd "$BATS_TEST_TMPDIR" || return 1
    cat >thread-atexit.c <<'C'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
extern void *__dso_handle __attribute__((visibility("hidden")));
void *__dso_handle;
static pthread_key_t key;
static void say(void *text) { printf("%s\n", (char *)text); }
static void more(void *text) { say(text); __cxa_thread_atexit_impl(say, "registered by a destructor", &__dso_handle); }
static void last(void) { say("atexit"); }
static void *thread(void *how)
{
    pthread_setspecific(key, "key");
    __cxa_thread_atexit_impl(say, "first", &__dso_handle);
    __cxa_thread_atexit_impl(more, "second", &__dso_handle);
    if (how)
        pthread_exit(NULL);
    return NULL;
}
int main(void)
{
    pthread_t id;
    atexit(last);
    pthread_key_create(&key, say);
    for (int i = 0; i < 2; i++) {
        pthread_create(&id, NULL, thread, i ? &id : NULL);
        pthread_join(id, NULL);
    }
    __cxa_thread_atexit_impl(say, "main's", &__dso_handle);
    return 0;
}
C
    # gcc's start files define __dso_handle in programs
    gcc -w -pthread -D__dso_handle=own_handle -o glibc thread-atexit.c
    ./glibc >expected
    [[ $(head -4 expected | tr '\n' ,) == 'second,registered by a destructor,first,key,' ]]
    local kind
    for kind in -static -static-pie ''; do
        "$BUILD/ucc" $kind -w -pthread -D__dso_handle=own_handle -o ours thread-atexit.c
        ./ours | diff expected -
    done
}

@test "sysconf, pathconf, fpathconf and confstr answer what musl's answer, for every number" {
    local header kind
    header=$(echo '#include <unistd.h>' | ${MUSLCC:-musl-gcc} -E -x c - |
        sed -n 's|^# 1 "\(.*/unistd.h\)".*|\1|p' | head -1)
    cd "$BATS_TEST_TMPDIR"
    {
        cat <<'C'
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define ASK(...) do { \
    errno = 0, buffer[0] = 0; \
    long answer = (long)(__VA_ARGS__); \
    error = errno; \
    printf("%s %d: %ld, errno %d, \"%s\"\n", #__VA_ARGS__, i, answer, error, buffer); } while (0)
static char buffer[4096];
static int error;
int main(void) {
    int i = 0;
    /* what the machine has, and not the library */
    for (i = -3; i < 300; i++)
        if (i != _SC_AVPHYS_PAGES) ASK(sysconf(i));
    if (sysconf(_SC_AVPHYS_PAGES) <= 0 || sysconf(_SC_AVPHYS_PAGES) >= sysconf(_SC_PHYS_PAGES))
        printf("pages available: %ld\n", sysconf(_SC_AVPHYS_PAGES));
    for (i = -3; i < 40; i++) ASK(pathconf("/", i));
    for (i = -3; i < 40; i++) ASK(fpathconf(0, i));
    for (i = -3; i < 1200; i++) ASK(confstr(i, buffer, 8));
    ASK(confstr(_CS_PATH, NULL, 0));
    ASK(confstr(_CS_PATH, buffer, 1));
C
        # every name of the header is one of these numbers, and sysconf and pathconf know them all
        sed -n 's/^#define[[:blank:]]*\(_SC_[A-Z0-9_]*\).*/    ASK(sysconf(\1)); if (error) puts("unknown");/p
            s/^#define[[:blank:]]*\(_PC_[A-Z0-9_]*\).*/    ASK(pathconf("", \1)); if (error) puts("unknown");/p
            s/^#define[[:blank:]]*\(_CS_[A-Z0-9_]*\).*/    ASK(confstr(\1, buffer, 99));/p' \
            "$header" | grep -v AVPHYS
        echo '}'
    } >names.c
    [ "$(grep -c 'unknown' names.c)" -gt 150 ]
    compile musl <names.c
    ./musl >expected
    run ! grep unknown expected
    for kind in static static-pie pie; do
        compile "$kind" <names.c
        "./$kind" >got
        diff expected got
        (ulimit -n 50; ulimit -s 100; ./musl) >few
        (ulimit -n 50; ulimit -s 100; "./$kind") | diff few -
    done
}

@test "a condition's signal: by priority, and not for a waiter that comes while it is sent" {
    local kind
    cd "$BATS_TEST_TMPDIR"
    for kind in static pie; do
        compile "$kind" <<'C'
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int asleep, left;
static volatile long tid;
struct waiter { int number, priority; };
static void *wait_once(void *given)
{
    struct waiter *waiter = given;
    struct sched_param param = {waiter->priority};
    if (param.sched_priority && pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) != 0)
        _exit(77);
    tid = gettid();
    pthread_mutex_lock(&mutex);
    asleep++;
    pthread_cond_wait(&cond, &mutex);
    left = left * 10 + waiter->number;
    pthread_mutex_unlock(&mutex);
    return NULL;
}
/* Starts a waiter, and returns when it sleeps: on the condition, or on the way there. */
static pthread_t start(int number, int priority)
{
    static struct waiter waiters[10];
    char path[50], state = 0;
    pthread_t thread;
    waiters[number] = (struct waiter){number, priority};
    tid = 0;
    pthread_create(&thread, NULL, wait_once, &waiters[number]);
    while (!tid) usleep(1000);
    sprintf(path, "/proc/self/task/%ld/stat", tid);
    for (int times = 0; times < 20; usleep(2000)) {
        FILE *file = fopen(path, "r");
        if (file && fscanf(file, "%*d %*s %c", &state) == 1 && state == 'S') times++; else times = 0;
        if (file) fclose(file);
    }
    return thread;
}
static void expect(int order)
{
    for (int i = 0; i < 2000 && left != order; i++) usleep(5000);
    if (left != order) { dprintf(1, "%d and not %d\n", left, order); _exit(1); }
}
/* The kernel stops the signaller at each wake-up (a seccomp filter that traps): in the handler another
 * waiter begins, and a thread without the filter wakes in its place. */
static volatile int asked, answered;
static greg_t *registers;
static void *wake_for_other(void *nothing)
{
    for (;; usleep(1000)) {
        if (asked == answered) continue;
        if (!answered) start(9, 20);
        registers[REG_RAX] = syscall(SYS_futex, registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                                     registers[REG_R10], registers[REG_R8], registers[REG_R9]);
        answered++;
    }
}
static void trapped(int signal, siginfo_t *info, void *context)
{
    registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    asked++;
    while (answered != asked) usleep(1000);
}
struct instruction { unsigned short code; unsigned char yes, no; unsigned value; };
static void *signal_trapped(void *nothing)
{
    struct instruction code[] = { /* futex with FUTEX_WAKE, of the condition's waiter: trap */
        {0x20, 0, 0, 0}, {0x15, 0, 4, SYS_futex}, {0x20, 0, 0, 24}, {0x54, 0, 0, 0x7f},
        {0x15, 0, 1, 1}, {0x06, 0, 0, 0x00030000}, {0x06, 0, 0, 0x7fff0000}};
    struct { unsigned short count; struct instruction *code; } filter = {7, code};
    struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
    sigaction(SIGSYS, &action, NULL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &filter, 0, 0)) _exit(77);
    pthread_cond_signal(&cond);
    syscall(SYS_exit, 0);
    return NULL;
}
int main(void)
{
    pthread_t thread, helper;
    alarm(60);
    /* four wait: by priority, and of equal ones the oldest */
    start(1, 0), start(2, 5), start(3, 10), start(4, 5);
    int order[] = {3, 32, 324, 3241};
    for (int i = 0; i < 4; i++) {
        pthread_cond_signal(&cond);
        expect(order[i]);
    }
    /* one waits when the signal is sent, another of a higher priority comes */
    left = 0;
    start(1, 0);
    pthread_create(&helper, NULL, wake_for_other, NULL);
    pthread_create(&thread, NULL, signal_trapped, NULL);
    expect(1);
    while (!answered) usleep(1000);
    for (; left != 19; usleep(1000)) pthread_cond_signal(&cond); /* the other is there, soon */
    return 0;
}
C
        run "./$kind"
        [ "$status" -ne 77 ] || skip "neither real-time priorities nor a seccomp filter are permitted"
        echo "$kind: $status: $output"
        [ "$status" -eq 0 ]
        [ -z "$output" ]
    done
}
