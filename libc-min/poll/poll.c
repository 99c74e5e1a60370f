/* poll(2). */
#include "signals.h"
#include "syscall.h"
#include <poll.h>
#include <unistd.h>

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
