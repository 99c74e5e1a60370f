/* A thread's scheduling, processors and clock. */
#include "hold.h"
#include "syscall.h"
#include <errno.h>

int pthread_getschedparam(pthread_t thread, int *restrict policy,
                          struct sched_param *restrict param)
{
    unsigned long mask;
    int tid = __thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_sched_getparam, tid, param) : -ESRCH;

    if (answer == 0)
        *policy = (int)sys_call(SYS_sched_getscheduler, tid);
    __thread_release(thread, &mask);
    return (int)-answer;
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
    unsigned long mask;
    int tid = __thread_hold(thread, &mask);
    long answer;

    __atomic_store_n(&__process.real_time, 1, __ATOMIC_RELAXED);
    answer = tid ? sys_call(SYS_sched_setscheduler, tid, policy, param) : -ESRCH;
    __thread_release(thread, &mask);
    return (int)-answer;
}

int pthread_setschedprio(pthread_t thread, int priority)
{
    struct sched_param param = {.sched_priority = priority};
    unsigned long mask;
    int tid = __thread_hold(thread, &mask);
    long answer;

    __atomic_store_n(&__process.real_time, 1, __ATOMIC_RELAXED);
    answer = tid ? sys_call(SYS_sched_setparam, tid, &param) : -ESRCH;
    __thread_release(thread, &mask);
    return (int)-answer;
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
    unsigned long mask;
    int tid = __thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_sched_setaffinity, tid, size, set) : -ESRCH;

    __thread_release(thread, &mask);
    return (int)-answer;
}

int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
    unsigned long mask;
    int tid = __thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_sched_getaffinity, tid, size, set) : -ESRCH;

    __thread_release(thread, &mask);
    if (answer < 0)
        return (int)-answer;
    memset((char *)set + answer, 0, size - (size_t)answer); /* the kernel's set may be shorter */
    return 0;
}

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    unsigned long mask;
    int tid = __thread_hold(thread, &mask);

    if (tid)
        *clock = (clockid_t)(~(unsigned)tid << 3 | 6); /* clock_getres(2): a thread's */
    __thread_release(thread, &mask);
    return tid ? 0 : ESRCH;
}

int pthread_setconcurrency(int level)
{
    return level < 0 ? EINVAL : level ? EAGAIN : 0;
}

int pthread_getconcurrency(void)
{
    return 0;
}
