/* System calls: files, descriptors, directories, processes, signals, memory, time. POSIX and the
 * man pages; the wrappers' part is errno, cancelled errors, and what the kernel does not do itself.
 */
#include "check.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

#define FAILS(call, error)                                                                         \
    do {                                                                                           \
        errno = 0;                                                                                 \
        CHECK((call) == -1);                                                                       \
        CHECK_IS(errno, error);                                                                    \
    } while (0)

static void files(void)
{
    char path[64] = "/tmp/libc-test.XXXXXX", other[80], buffer[64];
    struct iovec parts[2] = {{"ab", 2}, {"cde", 3}};
    struct stat status, same;
    int fd = mkstemp(path), copy;

    CHECK(fd >= 0);
    CHECK(strcmp(path + 15, "XXXXXX") != 0);
    CHECK_IS(write(fd, "0123456789", 10), 10);
    CHECK_IS(pwrite(fd, "AB", 2, 4), 2);
    CHECK_IS(lseek(fd, 0, SEEK_CUR), 10);
    CHECK_IS(pread(fd, buffer, 4, 3), 4);
    CHECK(memcmp(buffer, "3AB6", 4) == 0);
    CHECK_IS(writev(fd, parts, 2), 5);
    CHECK_IS(lseek(fd, -5, SEEK_END), 10);
    CHECK_IS(read(fd, buffer, sizeof buffer), 5);
    CHECK(memcmp(buffer, "abcde", 5) == 0);
    CHECK_IS(read(fd, buffer, 1), 0);
    FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_IS(fstat(fd, &status), 0);
    CHECK_IS(status.st_size, 15);
    CHECK_IS(status.st_mode & 07777, 0600);
    CHECK_IS(stat(path, &same), 0);
    CHECK_IS(same.st_ino, status.st_ino);
    CHECK_IS(ftruncate(fd, 3), 0);
    CHECK_IS(fchmod(fd, 0640), 0);
    CHECK_IS(fstatat(AT_FDCWD, path, &same, 0), 0);
    CHECK(same.st_size == 3 && (same.st_mode & 07777) == 0640);
    CHECK_IS(faccessat(AT_FDCWD, path, R_OK, AT_EACCESS), 0);
    CHECK_IS(access(path, W_OK), 0);
    copy = dup(fd);
    CHECK(copy > fd && lseek(copy, 0, SEEK_CUR) == 15);
    CHECK_IS(dup2(fd, copy), copy);
    CHECK_IS(dup2(fd, fd), fd);
    CHECK_IS(fcntl(copy, F_SETFD, FD_CLOEXEC), 0);
    CHECK_IS(fcntl(copy, F_GETFD), FD_CLOEXEC);
    CHECK_IS(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
    CHECK_IS(flock(fd, LOCK_EX), 0);
    CHECK_IS(close(copy), 0);
    FAILS(close(copy), EBADF);
    FAILS(read(copy, buffer, 1), EBADF);
    snprintf(other, sizeof other, "%s.link", path);
    CHECK_IS(symlink(path, other), 0);
    CHECK_IS(lstat(other, &same), 0);
    CHECK(S_ISLNK(same.st_mode));
    CHECK_IS(readlink(other, buffer, sizeof buffer), (long)strlen(path));
    char *real = realpath(other, NULL);
    CHECK_TEXT(real, path);
    free(real);
    CHECK(realpath("/tmp/not/there", buffer) == NULL && errno == ENOENT);
    CHECK_IS(unlink(other), 0);
    FAILS(unlink(other), ENOENT);
    struct timespec times[2] = {{1000, 5}, {2000, 6}};
    CHECK_IS(utimensat(AT_FDCWD, path, times, 0), 0);
    stat(path, &same);
    CHECK(same.st_atim.tv_sec == 1000 && same.st_mtim.tv_nsec == 6);
    close(fd);
    unlink(path);
    FAILS(open(path, O_RDONLY), ENOENT);
    FAILS(open("/", O_RDWR), EISDIR);
    FAILS(open("/etc/passwd/x", O_RDONLY), ENOTDIR);
    FAILS(isatty(-1) - 1, EBADF);
    char bad[] = "/tmp/xXXXXX";
    FAILS(mkstemp(bad), EINVAL);
    struct statvfs space;
    CHECK(statvfs("/", &space) == 0 && space.f_bsize > 0 && space.f_namemax >= 14);
}

static int without_dots(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int refuse_with_error(const struct dirent *entry)
{
    errno = ENOENT;
    return 0;
}

static void directories(void)
{
    char top[] = "/tmp/libc-dir.XXXXXX", path[PATH_MAX], start[PATH_MAX];
    struct dirent *entry, **list;
    int seen = 0, dots = 0;
    DIR *directory;

    CHECK(getcwd(start, sizeof start) != NULL);
    CHECK(mkdtemp(top) == top);
    CHECK_IS(chdir(top), 0);
    CHECK_TEXT(getcwd(path, sizeof path), top);
    errno = 0;
    CHECK(getcwd(path, 3) == NULL && errno == ERANGE);
    CHECK(getcwd(path, 0) == NULL && errno == EINVAL);
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "file-%03d", i);
        close(creat(path, 0600));
    }
    directory = opendir(".");
    errno = 0;
    while ((entry = readdir(directory)) != NULL) {
        dots += entry->d_name[0] == '.';
        seen++;
    }
    CHECK_IS(errno, 0);
    CHECK(seen == 302 && dots == 2);
    rewinddir(directory);
    CHECK(readdir(directory) != NULL);
    long place = telldir(directory);
    entry = readdir(directory);
    snprintf(path, sizeof path, "%s", entry->d_name);
    seekdir(directory, place);
    CHECK_TEXT(readdir(directory)->d_name, path);
    CHECK_IS(fcntl(dirfd(directory), F_GETFD), FD_CLOEXEC);
    closedir(directory);
    CHECK_IS(scandir(".", &list, without_dots, alphasort), 300);
    CHECK_TEXT(list[299]->d_name, "file-299");
    for (int i = 0; i < 300; i++) {
        CHECK_IS(unlink(list[i]->d_name), 0);
        free(list[i]);
    }
    free(list);
    CHECK_IS(scandir(".", &list, refuse_with_error, NULL), 0);
    free(list);
    CHECK(opendir("nowhere") == NULL && errno == ENOENT);
    CHECK(fdopendir(-1) == NULL && errno == EBADF);
    CHECK_IS(mkdir("inner", 0700), 0);
    FAILS(mkdir("inner", 0700), EEXIST);
    FAILS(rmdir("."), EINVAL);
    CHECK_IS(rename("inner", "other"), 0);
    FAILS(rmdir("inner"), ENOENT);
    CHECK_IS(rmdir("other"), 0);
    CHECK_IS(chdir(start), 0);
    CHECK_IS(rmdir(top), 0);
}

static int status_of(pid_t pid)
{
    int status = -1;

    CHECK_IS(waitpid(pid, &status, 0), pid);
    return status;
}

static void processes(void)
{
    int ends[2], status;
    char got[64] = "";
    pid_t pid;

    CHECK_IS(getpid(), syscall(SYS_getpid));
    CHECK_IS(getppid(), syscall(SYS_getppid));
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        _exit(getpid() == syscall(SYS_gettid) ? 42 : 1);
    status = status_of(pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    FAILS(wait(NULL), ECHILD);
    CHECK_IS(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], 1);
        setenv("GIVEN", "on", 1);
        execlp("sh", "sh", "-c", "echo $0 $GIVEN $1", "one", (char *)NULL);
        _exit(1);
    }
    close(ends[1]);
    CHECK(read(ends[0], got, sizeof got - 1) > 0);
    CHECK_TEXT(got, "one on\n");
    close(ends[0]);
    CHECK_IS(status_of(pid), 0);
    pid = fork();
    if (pid == 0) { /* the environment follows the closing NULL */
        execle("/bin/sh", "sh", "-c", "exit $GIVEN$PATHS", (char *)NULL,
               ((char *[]){"GIVEN=4", "PATHS=2", NULL}));
        _exit(1);
    }
    status = status_of(pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    pid = fork();
    if (pid == 0) { /* no argument at all: nothing behind the NULL is read as one */
        execl("/bin/true", (char *)NULL, "x", (char *)NULL);
        _exit(1);
    }
    CHECK_IS(status_of(pid), 0);
    FAILS(execl("/not/there", "x", (char *)NULL), ENOENT);
    FAILS(execvp("/etc/passwd", (char *[]){"x", NULL}), EACCES);
    FAILS(execvp("", (char *[]){"x", NULL}), ENOENT);
    pid = fork();
    if (pid == 0) { /* a folder that may not be searched, one that has no such thing */
        mkdir("/tmp/libc-noexec", 0700);
        close(creat("/tmp/libc-noexec/prog", 0600));
        setenv("PATH", "/tmp/libc-noexec:/not/there", 1);
        execlp("prog", "prog", (char *)NULL);
        _exit(errno == EACCES ? 0 : 1);
    }
    CHECK_IS(status_of(pid), 0);
    unlink("/tmp/libc-noexec/prog");
    rmdir("/tmp/libc-noexec");
    pid = fork();
    if (pid == 0) {
        nice(5);
        _exit(nice(INT_MAX) == 19 || nice(0) == 19 ? 0 : 1);
    }
#ifndef __GLIBC__ /* its sum overflows */
    CHECK_IS(status_of(pid), 0);
#else
    waitpid(pid, NULL, 0);
#endif
    CHECK_IS(WEXITSTATUS(system("exit 3")), 3);
    CHECK(system(NULL) != 0);
    pid = vfork();
    if (pid == 0)
        _exit(5);
    CHECK_IS(WEXITSTATUS(status_of(pid)), 5);
    struct rusage usage;
    CHECK_IS(getrusage(RUSAGE_CHILDREN, &usage), 0);
    struct tms used;
    CHECK(times(&used) != -1);
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= 20);
    FAILS(setpriority(99, 0, 0), EINVAL);
    errno = 0;
    CHECK(getpriority(PRIO_PROCESS, 0) >= -20 && errno == 0);
}

static volatile int caught, caught_value;

static void catch (int signal)
{
    caught = signal;
}

static void catch_information(int signal, siginfo_t *info, void *context)
{
    caught = signal;
    caught_value = info->si_value.sival_int;
}

static void signals(void)
{
    struct sigaction action = {.sa_handler = catch}, old;
    struct timespec none = {0, 0};
    sigset_t set, before;
    siginfo_t info;

    CHECK_IS(sigaction(SIGUSR1, &action, NULL), 0);
    CHECK_IS(sigaction(SIGUSR1, NULL, &old), 0);
    CHECK(old.sa_handler == catch);
    raise(SIGUSR1);
    CHECK_IS(caught, SIGUSR1);
    FAILS(sigaction(SIGKILL, &action, NULL), EINVAL);
    CHECK(signal(SIGUSR2, catch) == SIG_DFL);
    CHECK(signal(SIGUSR2, SIG_IGN) == catch);
    CHECK(signal(1000, SIG_IGN) == SIG_ERR && errno == EINVAL);
    sigemptyset(&set);
    CHECK_IS(sigaddset(&set, SIGUSR1), 0);
    FAILS(sigaddset(&set, 0), EINVAL);
    CHECK_IS(sigismember(&set, SIGUSR1), 1);
    CHECK_IS(sigismember(&set, SIGUSR2), 0);
    CHECK_IS(sigprocmask(SIG_BLOCK, &set, &before), 0);
    caught = 0;
    raise(SIGUSR1);
    CHECK_IS(caught, 0);
    CHECK_IS(sigpending(&set), 0);
    CHECK_IS(sigismember(&set, SIGUSR1), 1);
    CHECK_IS(sigtimedwait(&set, &info, &none), SIGUSR1);
    FAILS(sigtimedwait(&set, &info, &none), EAGAIN);
    raise(SIGUSR1);
    FAILS(sigsuspend(&before), EINTR);
    CHECK_IS(caught, SIGUSR1);
    sigprocmask(SIG_SETMASK, &before, NULL);
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = catch_information;
    sigaction(SIGRTMIN, &action, NULL);
    CHECK_IS(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 99}), 0);
    CHECK(caught == SIGRTMIN && caught_value == 99);
    action.sa_flags = 0;
    action.sa_handler = catch;
    sigaction(SIGALRM, &action, NULL);
    ualarm(10000, 0);
    struct timespec hour = {3600, 0};
    FAILS(nanosleep(&hour, &hour), EINTR);
    CHECK(hour.tv_sec == 3599);
    CHECK_TEXT(strsignal(SIGINT), "Interrupt");
    FAILS(kill(getpid(), 1000), EINVAL);
}

static void memory(void)
{
    char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
         *moved;
    char *start = sbrk(0);

    CHECK(map != MAP_FAILED);
    map[0] = 5;
    moved = mremap(map, 8192, 1 << 20, MREMAP_MAYMOVE);
    CHECK(moved != MAP_FAILED && moved[0] == 5);
    CHECK_IS(mprotect(moved, 4096, PROT_READ), 0);
    CHECK_IS(munmap(moved, 1 << 20), 0);
    FAILS(munmap(moved + 1, 4096), EINVAL);
    CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    CHECK_IS(errno, EINVAL);
    CHECK(mmap(NULL, SIZE_MAX - 5000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    CHECK_IS(errno, ENOMEM);
    CHECK(start != (char *)-1);
}

static void clocks(void)
{
    struct timespec one, two, resolution;
    struct timeval day;
    time_t now = time(NULL), other = syscall(SYS_time, NULL);

    /* the system call tells the last tick's second, and the clock may be in the next */
    CHECK(other - now >= -1 && other - now <= 1);
    CHECK_IS(clock_gettime(CLOCK_MONOTONIC, &one), 0);
    CHECK_IS(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &two), 0);
    CHECK(two.tv_sec > one.tv_sec || (two.tv_sec == one.tv_sec && two.tv_nsec >= one.tv_nsec));
    FAILS(clock_gettime(12345, &one), EINVAL);
    CHECK_IS(gettimeofday(&day, NULL), 0);
    CHECK(day.tv_sec - now >= 0 && day.tv_sec - now <= 1 && day.tv_usec < 1000000);
    CHECK(clock_getres(CLOCK_REALTIME, &resolution) == 0 && resolution.tv_nsec > 0);
    CHECK_IS(clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, 2000000000}, NULL), EINVAL);
    CHECK_IS(usleep(1000), 0);
    CHECK(clock() != (clock_t)-1);
    CHECK(difftime(10, 4) == 6.0);
}

static void waiting(void)
{
    int ends[2], pair[2];
    char got[8];
    fd_set set;
    struct timeval none = {0, 0};

    pipe2(ends, O_NONBLOCK | O_CLOEXEC);
    FAILS(read(ends[0], got, 1), EAGAIN);
    struct pollfd one = {.fd = ends[0], .events = POLLIN};
    CHECK_IS(poll(&one, 1, 0), 0);
    (void)!write(ends[1], "x", 1);
    CHECK_IS(poll(&one, 1, 1000), 1);
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    CHECK_IS(select(ends[0] + 1, &set, NULL, NULL, &none), 1);
    int ready;
    CHECK(ioctl(ends[0], FIONREAD, &ready) == 0 && ready == 1);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    FAILS(write(ends[1], "x", 1), EPIPE);
    close(ends[1]);
    CHECK_IS(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    CHECK_IS(send(pair[0], "hello", 5, 0), 5);
    CHECK_IS(recv(pair[1], got, sizeof got, 0), 5);
    char byte = 'f', control[64] __attribute__((aligned(8)));
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = CMSG_SPACE(sizeof(int))};
    memset(control, 0xAA, sizeof control); /* what POSIX does not tell to set may be anything */
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_len = CMSG_LEN(sizeof(int));
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(header), &pair[0], sizeof(int));
    CHECK_IS(sendmsg(pair[0], &message, 0), 1);
    message.msg_controllen = sizeof control;
    CHECK_IS(recvmsg(pair[1], &message, 0), 1);
    header = CMSG_FIRSTHDR(&message);
    CHECK(header && header->cmsg_type == SCM_RIGHTS);
    close(pair[0]);
    close(pair[1]);
}

static void machine(void)
{
    struct utsname system;
    unsigned char one[32] = {0}, two[32] = {0};
    char path[32];

    CHECK(uname(&system) == 0 && strcmp(system.sysname, "Linux") == 0);
    CHECK_IS(getentropy(one, sizeof one), 0);
    CHECK_IS(getrandom(two, sizeof two, 0), sizeof two);
    CHECK(memcmp(one, two, sizeof one) != 0);
    FAILS(getentropy(one, 257), EIO);
    CHECK_IS(getauxval(AT_PAGESZ), 4096);
    errno = 0;
    CHECK(getauxval(12345) == 0 && errno == ENOENT);
    CHECK_IS(sysconf(_SC_PAGESIZE), 4096);
    CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
    CHECK_IS(sysconf(_SC_CLK_TCK), 100);
    FAILS(sysconf(100000), EINVAL);
    CHECK_TEXT(basename(strcpy(path, "/usr/lib/")), "lib");
    CHECK_TEXT(dirname(strcpy(path, "/usr/lib/")), "/usr");
    CHECK_TEXT(basename(strcpy(path, "/")), "/");
    CHECK_TEXT(dirname(strcpy(path, "/")), "/");
    CHECK_TEXT(basename(strcpy(path, "//")), "/");
    CHECK_TEXT(basename(strcpy(path, "a")), "a");
    CHECK_TEXT(dirname(strcpy(path, "a")), ".");
    CHECK_TEXT(dirname(strcpy(path, "/a")), "/");
    CHECK_TEXT(dirname(strcpy(path, "a//b")), "a");
    CHECK_TEXT(basename(strcpy(path, "a//b///")), "b");
    CHECK_TEXT(basename(strcpy(path, "")), ".");
    FAILS(syscall(100000), ENOSYS);
}

int main(void)
{
    files();
    directories();
    processes();
    signals();
    memory();
    clocks();
    waiting();
    machine();
    return check_end();
}
