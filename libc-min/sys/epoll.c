/* epoll(7). */
#include "signals.h"
#include "syscall.h"
#include <sys/epoll.h>
#include <unistd.h>

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
