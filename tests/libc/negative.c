/* Calls whose answer may be negative and no error. */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* The owner that `owner` makes, as both calls have it. */
static void own(int fd, int owner, int type)
{
    struct f_owner_ex seen = {77, 77};

    CHECK_IS(fcntl(fd, F_SETOWN, owner), 0);
    CHECK_IS(fcntl(fd, F_GETOWN_EX, &seen), 0);
    CHECK_IS(seen.type, type);
    CHECK_IS(seen.pid, owner < 0 ? -owner : owner);
    errno = 0;
    CHECK_IS(fcntl(fd, F_GETOWN), owner);
    CHECK_IS(errno, 0);
}

/* Groups of any number; those below 4,096 are where a negated one looks like an error. */
static void owners(void)
{
    struct f_owner_ex thread = {F_OWNER_TID, getpid()};
    int pair[2], found = 0;

    CHECK_IS(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    CHECK_IS(fcntl(pair[0], F_GETOWN), 0);
    own(pair[0], getpid(), F_OWNER_PID);
    CHECK_IS(fcntl(pair[0], F_SETOWN_EX, &thread), 0);
    CHECK_IS(fcntl(pair[0], F_GETOWN), getpid());
    for (int group = 1; group < 4096 && found < 3; group++)
        if (getpgid(group) == group) {
            own(pair[0], -group, F_OWNER_PGRP);
            found++;
        }
    errno = 0;
    CHECK(fcntl(99, F_GETOWN) == -1 && errno == EBADF);
    close(pair[0]);
    close(pair[1]);
}

/* In a namespace of its own the group is 1. Where that is not permitted, what owners() found holds.
 */
static void first_group(void)
{
    int status = 0;

    if (fork() == 0) {
        if (unshare(CLONE_NEWPID | (geteuid() ? CLONE_NEWUSER : 0)) != 0)
            _exit(0);
        if (fork() == 0) {
            CHECK_IS(setpgid(0, 0), 0);
            owners();
            fflush(stdout);
            _exit(check_failures != 0);
        }
        wait(&status);
        _exit(status != 0);
    }
    wait(&status);
    CHECK_IS(status, 0);
}

static void priorities(void)
{
    int before;

    errno = 0;
    before = getpriority(PRIO_PROCESS, 0);
    CHECK_IS(errno, 0);
    CHECK(before >= -20 && before <= 19);
    for (int value = before; value <= 19; value++) {
        CHECK_IS(setpriority(PRIO_PROCESS, 0, value), 0);
        CHECK_IS(getpriority(PRIO_PROCESS, 0), value);
    }
    CHECK_IS(nice(5), 19);
    if (setpriority(PRIO_PROCESS, 0, -20) == 0) /* who may */
        for (int value = -20; value <= 0; value++) {
            CHECK_IS(setpriority(PRIO_PROCESS, 0, value), 0);
            errno = 0;
            CHECK_IS(getpriority(PRIO_PROCESS, 0), value);
            CHECK_IS(nice(0), value);
            CHECK_IS(errno, 0);
        }
    errno = 0;
    CHECK(getpriority(77, 0) == -1 && errno == EINVAL);
}

static volatile long word = -1;

static void peeked_words(void)
{
    int status;
    pid_t pid;

    for (word = -5; word < 2; word++) {
        pid = fork();
        if (pid == 0) {
            ptrace(PTRACE_TRACEME, 0, NULL, NULL);
            raise(SIGSTOP);
            _exit(0);
        }
        waitpid(pid, &status, 0);
        if (!WIFSTOPPED(status)) /* no tracing here */
            return;
        errno = 0;
        CHECK_IS(ptrace(PTRACE_PEEKDATA, pid, (void *)&word, NULL), word);
        CHECK_IS(errno, 0);
        ptrace(PTRACE_CONT, pid, NULL, NULL);
        waitpid(pid, &status, 0);
    }
}

int main(void)
{
    owners();
    first_group();
    peeked_words();
    priorities();
    return check_end();
}
