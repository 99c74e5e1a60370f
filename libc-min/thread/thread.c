/* Small things of <pthread.h>: signals to a thread, its name and scheduling, cancellation's state.
 */
#include "thread.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int pthread_kill(pthread_t thread, int signal)
{
    int tid = thread->tid;
    long answer = tid ? sys_call(SYS_tgkill, sys_call(SYS_getpid), tid, signal) : -ESRCH;

    /* POSIX: a thread that has ended and is not yet joined is no error. */
    if (answer == -ESRCH)
        answer = signal < 0 || signal >= _NSIG ? -EINVAL : 0;
    return (int)-answer;
}

/* pthread_setname_np(3): at most 15 bytes. */
int pthread_setname_np(pthread_t thread, const char *name)
{
    char path[40];
    size_t length = strlen(name);
    int fd, error = 0;

    if (length > 15)
        return ERANGE;
    if (thread == thread_self())
        return (int)-sys_call(SYS_prctl, PR_SET_NAME, name, 0, 0, 0);
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", thread->tid);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, name, length) < 0)
        error = errno;
    if (fd >= 0)
        close(fd);
    return error;
}

int pthread_getname_np(pthread_t thread, char *name, size_t size)
{
    char path[40];
    ssize_t length = 0;
    int fd, error = 0;

    if (size < 16)
        return ERANGE;
    if (thread == thread_self())
        return (int)-sys_call(SYS_prctl, PR_GET_NAME, name, 0, 0, 0);
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", thread->tid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || (length = read(fd, name, size - 1)) < 0)
        error = errno;
    else
        name[length > 0 ? length - 1 : 0] = 0; /* without the newline */
    if (fd >= 0)
        close(fd);
    return error;
}

int pthread_getschedparam(pthread_t thread, int *restrict policy,
                          struct sched_param *restrict param)
{
    long answer = sys_call(SYS_sched_getparam, thread->tid, param);

    if (answer < 0)
        return (int)-answer;
    *policy = (int)sys_call(SYS_sched_getscheduler, thread->tid);
    return 0;
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
    return (int)-sys_call(SYS_sched_setscheduler, thread->tid, policy, param);
}

int pthread_setschedprio(pthread_t thread, int priority)
{
    struct sched_param param = {.sched_priority = priority};

    return (int)-sys_call(SYS_sched_setparam, thread->tid, &param);
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
    return (int)-sys_call(SYS_sched_setaffinity, thread->tid, size, set);
}

int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
    long answer = sys_call(SYS_sched_getaffinity, thread->tid, size, set);

    if (answer < 0)
        return (int)-answer;
    memset((char *)set + answer, 0, size - (size_t)answer); /* the kernel's set may be shorter */
    return 0;
}

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    *clock = (clockid_t)(~(unsigned)thread->tid << 3 | 6); /* clock_getres(2): of a thread */
    return 0;
}

/* Threads do not end each other here (pthread_cancel() is not there), so a state has nothing to
 * hold back; it is kept for those who ask what it was. */
int pthread_setcancelstate(int state, int *old)
{
    struct __pthread *self = thread_self();

    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    if (old)
        *old = self->cancel_state;
    self->cancel_state = state;
    return 0;
}

int pthread_setcanceltype(int type, int *old)
{
    struct __pthread *self = thread_self();

    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
        return EINVAL;
    if (old)
        *old = self->cancel_type;
    self->cancel_type = type;
    return 0;
}

void pthread_testcancel(void)
{
}

int pthread_setconcurrency(int level)
{
    return level < 0 ? EINVAL : level ? EAGAIN : 0;
}

int pthread_getconcurrency(void)
{
    return 0;
}
