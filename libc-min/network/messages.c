/* sendmmsg(2) and recvmmsg(2): several messages in one call. For the padding see socket.c. */
#include "syscall.h"
#include <limits.h>
#include <sys/socket.h>
#include <time.h>

/* Sends one message after another, because sendmsg() clears the padding in a copy. As in the
 * kernel, an error is returned only if no message has been sent; otherwise the next call returns
 * it. */
int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags)
{
    if (count > IOV_MAX)
        count = IOV_MAX;
    for (unsigned i = 0; i < count; i++) {
        ssize_t length = sendmsg(fd, &messages[i].msg_hdr, (int)flags);
        if (length < 0)
            return i ? (int)i : -1;
        messages[i].msg_len = (unsigned)length;
    }
    return (int)count;
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags,
             struct timespec *timeout)
{
    for (unsigned i = 0; i < count; i++)
        messages[i].msg_hdr.__pad1 = messages[i].msg_hdr.__pad2 = 0;
    return (int)SYS(SYS_recvmmsg, fd, messages, count, flags, timeout);
}
