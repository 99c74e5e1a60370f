/* open(2), fcntl(2), and making, duplicating, locking and closing descriptors. */
#include "alias.h"
#include "signals.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

/* The mode is there only where a file may be made. */
#define MODE_TAKE(flags)                                                                           \
    mode_t mode = 0;                                                                               \
    if ((flags)&O_CREAT || ((flags)&O_TMPFILE) == O_TMPFILE) {                                     \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    MODE_TAKE(flags)
    return (int)SYS(SYS_open, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    MODE_TAKE(flags)
    return (int)SYS(SYS_openat, directory, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* close(2): after EINTR the descriptor is closed all the same on Linux, so it is no error. */
int close(int fd)
{
    long answer = sys_call(SYS_close, fd);

    return (int)__sys_result(answer == -EINTR ? 0 : answer);
}

int dup(int fd)
{
    return (int)SYS(SYS_dup, fd);
}

int dup2(int old, int new)
{
    long answer;

    do
        answer = sys_call(SYS_dup2, old, new);
    while (answer == -EBUSY); /* dup(2): a race with open */
    return (int)__sys_result(answer);
}

int dup3(int old, int new, int flags)
{
    return (int)SYS(SYS_dup3, old, new, flags);
}

int pipe(int fd[2])
{
    return (int)SYS(SYS_pipe, fd);
}

int pipe2(int fd[2], int flags)
{
    return (int)SYS(SYS_pipe2, fd, flags);
}

/* F_GETOWN answers with a process group's number negated, which from -4095 up looks like an error:
 * F_GETOWN_EX (Linux 2.6.32) tells the two apart. */
static int owner_get(int fd)
{
    struct f_owner_ex owner;
    long answer = sys_call(SYS_fcntl, fd, F_GETOWN_EX, &owner);

    if (answer < 0)
        return (int)__sys_result(answer);
    return owner.type == F_OWNER_PGRP ? -owner.pid : owner.pid;
}

/* The third argument is an int, a pointer or nothing; as a long it is all of them. */
int fcntl(int fd, int command, ...)
{
    va_list rest;
    long argument;

    va_start(rest, command);
    argument = va_arg(rest, long);
    va_end(rest);
    if (command == F_GETOWN)
        return owner_get(fd);
    if (command == F_SETFL)
        argument |= O_LARGEFILE;
    return (int)SYS(SYS_fcntl, fd, command, argument);
}

int ioctl(int fd, int request, ...)
{
    va_list rest;
    long argument;

    va_start(rest, request);
    argument = va_arg(rest, long);
    va_end(rest);
    return (int)SYS(SYS_ioctl, fd, request, argument);
}

int isatty(int fd)
{
    struct winsize size;

    return SYS(SYS_ioctl, fd, TIOCGWINSZ, &size) == 0;
}

int flock(int fd, int operation)
{
    return (int)SYS(SYS_flock, fd, operation);
}

int lockf(int fd, int operation, off_t size)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = size};

    switch (operation) {
    case F_TEST:
        lock.l_type = F_RDLCK;
        if (fcntl(fd, F_GETLK, &lock) != 0)
            return -1;
        if (lock.l_type == F_UNLCK || lock.l_pid == getpid())
            return 0;
        errno = EACCES;
        return -1;
    case F_ULOCK:
        lock.l_type = F_UNLCK;
        return fcntl(fd, F_SETLK, &lock);
    case F_TLOCK:
        return fcntl(fd, F_SETLK, &lock);
    case F_LOCK:
        return fcntl(fd, F_SETLKW, &lock);
    default:
        errno = EINVAL;
        return -1;
    }
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    return (int)SYS(SYS_poll, fds, count, timeout);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    struct timespec left = timeout ? *timeout : (struct timespec){0};
    unsigned long set = mask ? signal_set(mask) : 0;

    return (int)SYS(SYS_ppoll, fds, count, timeout ? &left : NULL, mask ? &set : NULL,
                    SIGNAL_SET_SIZE);
}

/* POSIX: the timeout is not changed, the kernel's select(2) counts it down. */
int select(int count, fd_set *restrict reading, fd_set *restrict writing,
           fd_set *restrict exceptions, struct timeval *restrict timeout)
{
    struct timeval left = timeout ? *timeout : (struct timeval){0};

    return (int)SYS(SYS_select, count, reading, writing, exceptions, timeout ? &left : NULL);
}

int pselect(int count, fd_set *restrict reading, fd_set *restrict writing,
            fd_set *restrict exceptions, const struct timespec *restrict timeout,
            const sigset_t *restrict mask)
{
    struct timespec left = timeout ? *timeout : (struct timespec){0};
    unsigned long set = mask ? signal_set(mask) : 0;
    const long mask_and_size[2] = {mask ? (long)&set : 0, SIGNAL_SET_SIZE};

    return (int)SYS(SYS_pselect6, count, reading, writing, exceptions, timeout ? &left : NULL,
                    mask_and_size);
}

int epoll_create(int size)
{
    return (int)SYS(SYS_epoll_create, size);
}

int epoll_create1(int flags)
{
    return (int)SYS(SYS_epoll_create1, flags);
}

int epoll_ctl(int set, int operation, int fd, struct epoll_event *event)
{
    return (int)SYS(SYS_epoll_ctl, set, operation, fd, event);
}

int epoll_wait(int set, struct epoll_event *events, int count, int timeout)
{
    return (int)SYS(SYS_epoll_wait, set, events, count, timeout);
}

int epoll_pwait(int set, struct epoll_event *events, int count, int timeout, const sigset_t *mask)
{
    unsigned long signals = mask ? signal_set(mask) : 0;

    return (int)SYS(SYS_epoll_pwait, set, events, count, timeout, mask ? &signals : NULL,
                    SIGNAL_SET_SIZE);
}

int eventfd(unsigned value, int flags)
{
    return (int)SYS(SYS_eventfd2, value, flags);
}

int inotify_init(void)
{
    return (int)SYS(SYS_inotify_init);
}

int inotify_init1(int flags)
{
    return (int)SYS(SYS_inotify_init1, flags);
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    return (int)SYS(SYS_inotify_add_watch, fd, path, mask);
}

int inotify_rm_watch(int fd, int watch)
{
    return (int)SYS(SYS_inotify_rm_watch, fd, watch);
}

LARGE_ALIAS(open, open64);
LARGE_ALIAS(openat, openat64);
LARGE_ALIAS(creat, creat64);

LARGE_ALIAS(lockf, lockf64);
