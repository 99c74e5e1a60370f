/* select(2). */
#include "signals.h"
#include "syscall.h"
#include <sys/select.h>
#include <unistd.h>

/* POSIX: the timeout does not change. The kernel's select(2) would count it down. */
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
