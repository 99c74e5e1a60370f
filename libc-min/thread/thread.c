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

/* The thread's id for the kernel, which is nobody else's until thread_let(); 0: it has ended. No
 * handler runs meanwhile: it might want the same thread. */
static int thread_hold(pthread_t thread, unsigned long *mask)
{
    unsigned long every = ~0UL;

    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, mask, sizeof every);
    lock_take(&thread->kill_lock);
    return thread->gone ? 0 : thread->tid;
}

static void thread_let(pthread_t thread, const unsigned long *mask)
{
    lock_release(&thread->kill_lock);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, mask, NULL, sizeof *mask);
}

/* POSIX: a thread that has ended and is not yet joined is no error. */
int pthread_kill(pthread_t thread, int signal)
{
    unsigned long mask;
    int tid = thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_tgkill, sys_call(SYS_getpid), tid, signal)
                  : signal < 0 || signal >= _NSIG ? -EINVAL
                                                  : 0;

    thread_let(thread, &mask);
    return (int)-answer;
}

/* Opens the file in /proc that has another thread's name: a descriptor, or an error, negated. */
static int name_open(pthread_t thread, int flags)
{
    char path[40];
    unsigned long mask;
    int tid = thread_hold(thread, &mask), fd = -ESRCH;

    if (tid) {
        snprintf(path, sizeof path, "/proc/self/task/%d/comm", tid);
        fd = (int)sys_call(SYS_open, path, flags | O_CLOEXEC);
    }
    thread_let(thread, &mask);
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

int pthread_getschedparam(pthread_t thread, int *restrict policy,
                          struct sched_param *restrict param)
{
    unsigned long mask;
    int tid = thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_sched_getparam, tid, param) : -ESRCH;

    if (answer == 0)
        *policy = (int)sys_call(SYS_sched_getscheduler, tid);
    thread_let(thread, &mask);
    return (int)-answer;
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
    unsigned long mask;
    int tid = thread_hold(thread, &mask);
    long answer;

    __atomic_store_n(&__process.real_time, 1, __ATOMIC_RELAXED);
    answer = tid ? sys_call(SYS_sched_setscheduler, tid, policy, param) : -ESRCH;
    thread_let(thread, &mask);
    return (int)-answer;
}

int pthread_setschedprio(pthread_t thread, int priority)
{
    struct sched_param param = {.sched_priority = priority};
    unsigned long mask;
    int tid = thread_hold(thread, &mask);
    long answer;

    __atomic_store_n(&__process.real_time, 1, __ATOMIC_RELAXED);
    answer = tid ? sys_call(SYS_sched_setparam, tid, &param) : -ESRCH;
    thread_let(thread, &mask);
    return (int)-answer;
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
    unsigned long mask;
    int tid = thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_sched_setaffinity, tid, size, set) : -ESRCH;

    thread_let(thread, &mask);
    return (int)-answer;
}

int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
    unsigned long mask;
    int tid = thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_sched_getaffinity, tid, size, set) : -ESRCH;

    thread_let(thread, &mask);
    if (answer < 0)
        return (int)-answer;
    memset((char *)set + answer, 0, size - (size_t)answer); /* the kernel's set may be shorter */
    return 0;
}

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    unsigned long mask;
    int tid = thread_hold(thread, &mask);

    if (tid)
        *clock = (clockid_t)(~(unsigned)tid << 3 | 6); /* clock_getres(2): of a thread */
    thread_let(thread, &mask);
    return tid ? 0 : ESRCH;
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
