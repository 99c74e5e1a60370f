/* close(2), dup(2), pipe(2), isatty(3). */
#include "syscall.h"
#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* close(2): on Linux, EINTR closes the descriptor all the same, so it is no error. */
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

int isatty(int fd)
{
    struct winsize size;

    return SYS(SYS_ioctl, fd, TIOCGWINSZ, &size) == 0;
}
