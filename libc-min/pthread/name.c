/* pthread_setname_np(3). */
#include "hold.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

/* Opens the file in /proc with another thread's name: a descriptor, or a negative error. */
static int name_open(pthread_t thread, int flags)
{
    char path[40];
    unsigned long mask;
    int tid = __thread_hold(thread, &mask), fd = -ESRCH;

    if (tid) {
        snprintf(path, sizeof path, "/proc/self/task/%d/comm", tid);
        fd = (int)sys_call(SYS_open, path, flags | O_CLOEXEC);
    }
    __thread_release(thread, &mask);
    return fd;
}

/* pthread_setname_np(3): at most 15 bytes. */
int pthread_setname_np(pthread_t thread, const char *name)
{
    size_t length = strlen(name);
    long answer;
    int fd;

    if (length > 15)
        return ERANGE;
    if (thread == thread_self())
        return (int)-sys_call(SYS_prctl, PR_SET_NAME, name, 0, 0, 0);
    fd = name_open(thread, O_WRONLY);
    if (fd < 0)
        return -fd;
    answer = sys_call(SYS_write, fd, name, length);
    sys_call(SYS_close, fd);
    return answer < 0 ? (int)-answer : 0;
}

int pthread_getname_np(pthread_t thread, char *name, size_t size)
{
    long length;
    int fd;

    if (size < 16)
        return ERANGE;
    if (thread == thread_self())
        return (int)-sys_call(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
    fd = name_open(thread, O_RDONLY);
    if (fd < 0)
        return -fd;
    length = sys_call(SYS_read, fd, name, size - 1);
    sys_call(SYS_close, fd);
    if (length < 0)
        return (int)-length;
    name[length > 0 ? length - 1 : 0] = 0; /* without the newline */
    return 0;
}
