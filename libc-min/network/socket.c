/* socket(2) and related functions. */
#include "syscall.h"
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int socket(int domain, int type, int protocol)
{
    return (int)SYS(SYS_socket, domain, type, protocol);
}

int socketpair(int domain, int type, int protocol, int fd[2])
{
    return (int)SYS(SYS_socketpair, domain, type, protocol, fd);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return (int)SYS(SYS_bind, fd, address, length);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    return (int)SYS(SYS_connect, fd, address, length);
}

int listen(int fd, int backlog)
{
    return (int)SYS(SYS_listen, fd, backlog);
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    return (int)SYS(SYS_accept, fd, address, length);
}

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
    return (int)SYS(SYS_accept4, fd, address, length, flags);
}

int getsockname(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    return (int)SYS(SYS_getsockname, fd, address, length);
}

int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    return (int)SYS(SYS_getpeername, fd, address, length);
}

int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict length)
{
    return (int)SYS(SYS_getsockopt, fd, level, option, value, length);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
    return (int)SYS(SYS_setsockopt, fd, level, option, value, length);
}

int sockatmark(int fd)
{
    int at;
    return SYS(SYS_ioctl, fd, SIOCATMARK, &at) < 0 ? -1 : at;
}

int shutdown(int fd, int how)
{
    return (int)SYS(SYS_shutdown, fd, how);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *address,
               socklen_t length)
{
    return SYS(SYS_sendto, fd, data, size, flags, address, length);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    return sendto(fd, data, size, flags, NULL, 0);
}

ssize_t recvfrom(int fd, void *restrict data, size_t size, int flags,
                 struct sockaddr *restrict address, socklen_t *restrict length)
{
    return SYS(SYS_recvfrom, fd, data, size, flags, address, length);
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    return recvfrom(fd, data, size, flags, NULL, NULL);
}

/* The kernel's struct msghdr and cmsghdr have longs where POSIX has ints. In musl's structs the
 * other half is padding, which must be 0. The program's own structs must stay unchanged, so copies
 * are sent. */
ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    _Alignas(struct cmsghdr) char control[1024];
    struct msghdr copy;

    if (!message)
        return SYS(SYS_sendmsg, fd, NULL, flags);
    copy = *message;
    copy.__pad1 = copy.__pad2 = 0;
    if (copy.msg_controllen > sizeof control) {
        errno = ENOMEM;
        return -1;
    }
    if (copy.msg_controllen) {
        memcpy(control, copy.msg_control, copy.msg_controllen);
        copy.msg_control = control;
        for (struct cmsghdr *part = CMSG_FIRSTHDR(&copy); part; part = CMSG_NXTHDR(&copy, part))
            part->__pad1 = 0;
    }
    return SYS(SYS_sendmsg, fd, &copy, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    struct msghdr copy;
    ssize_t length;

    if (!message)
        return SYS(SYS_recvmsg, fd, NULL, flags);
    copy = *message;
    copy.__pad1 = copy.__pad2 = 0;
    length = SYS(SYS_recvmsg, fd, &copy, flags);
    *message = copy;
    return length;
}
