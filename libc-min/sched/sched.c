/* sched(7), unshare(2), setns(2). */
#include "process.h"
#include "syscall.h"
#include <sched.h>

int sched_yield(void)
{
    return (int)SYS(SYS_sched_yield);
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
    long answer = SYS(SYS_sched_getaffinity, pid, size, set);

    if (answer < 0)
        return -1;
    memset((char *)set + answer, 0, size - (size_t)answer); /* the kernel's set may be shorter */
    return 0;
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
    return (int)SYS(SYS_sched_setaffinity, pid, size, set);
}

int __sched_cpucount(size_t size, const cpu_set_t *set)
{
    const unsigned char *bytes = (const unsigned char *)set;
    int count = 0;

    for (size_t i = 0; i < size; i++)
        count += __builtin_popcount(bytes[i]);
    return count;
}

int sched_getcpu(void)
{
    unsigned cpu;

    return SYS(SYS_getcpu, &cpu, NULL, NULL) < 0 ? -1 : (int)cpu;
}

int sched_get_priority_max(int policy)
{
    return (int)SYS(SYS_sched_get_priority_max, policy);
}

int sched_get_priority_min(int policy)
{
    return (int)SYS(SYS_sched_get_priority_min, policy);
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
    __atomic_store_n(&__process.real_time, 1, __ATOMIC_RELAXED);
    return (int)SYS(SYS_sched_setscheduler, pid, policy, param);
}

int sched_getscheduler(pid_t pid)
{
    return (int)SYS(SYS_sched_getscheduler, pid);
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
    __atomic_store_n(&__process.real_time, 1, __ATOMIC_RELAXED);
    return (int)SYS(SYS_sched_setparam, pid, param);
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
    return (int)SYS(SYS_sched_getparam, pid, param);
}

int unshare(int flags)
{
    return (int)SYS(SYS_unshare, flags);
}

int setns(int fd, int type)
{
    return (int)SYS(SYS_setns, fd, type);
}
