/* open(2), fcntl(2). */
#include "syscall.h"
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>

/* open(2): a mode follows the flags only if the call may create a file. */
static mode_t mode_argument(int flags, va_list rest)
{
    bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    return creates ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_argument(flags, rest);
    va_end(rest);
    return (int)SYS(SYS_open, path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_argument(flags, rest);
    va_end(rest);
    return (int)SYS(SYS_openat, directory, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* F_GETOWN returns the negated number of a process group, which from -4095 up looks like an error;
 * F_GETOWN_EX (Linux 2.6.32) does not. */
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

LARGE_ALIAS(open, open64);
LARGE_ALIAS(openat, openat64);
LARGE_ALIAS(creat, creat64);
