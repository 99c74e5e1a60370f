/* Resources, scheduling, and what prctl(2) sets. */
#include "process.h"
#include "syscall.h"
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <unistd.h>

int prlimit(pid_t pid, int resource, const struct rlimit *new, struct rlimit *old)
{
    return (int)SYS(SYS_prlimit64, pid, resource, new, old);
}

int getrlimit(int resource, struct rlimit *limit)
{
    return (int)SYS(SYS_prlimit64, 0, resource, NULL, limit);
}

int setrlimit(int resource, const struct rlimit *limit)
{
    return (int)SYS(SYS_prlimit64, 0, resource, limit, NULL);
}

int getrusage(int who, struct rusage *usage)
{
    return (int)SYS(SYS_getrusage, who, usage);
}

/* Any answer is a time, a negative one as well (times(2)). */
clock_t times(struct tms *buffer)
{
    return sys_call(SYS_times, buffer);
}

/* The system call answers 20 minus the nice value, so that no answer is an error. */
int getpriority(int which, id_t who)
{
    long answer = SYS(SYS_getpriority, which, who);

    return answer < 0 ? -1 : (int)(20 - answer);
}

int setpriority(int which, id_t who, int value)
{
    return (int)SYS(SYS_setpriority, which, who, value);
}

int nice(int increment)
{
    int value;

    increment = increment > 40 ? 40 : increment < -40 ? -40 : increment;
    value = getpriority(PRIO_PROCESS, 0) + increment;
    value = value > 19 ? 19 : value < -20 ? -20 : value;
    if (setpriority(PRIO_PROCESS, 0, value) != 0) {
        if (errno == EACCES)
            errno = EPERM; /* POSIX's for nice() */
        return -1;
    }
    return getpriority(PRIO_PROCESS, 0);
}

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

int personality(unsigned long persona)
{
    return (int)SYS(SYS_personality, persona);
}

int prctl(int operation, ...)
{
    va_list rest;
    unsigned long value[4];

    va_start(rest, operation);
    for (int i = 0; i < 4; i++)
        value[i] = va_arg(rest, unsigned long);
    va_end(rest);
    return (int)SYS(SYS_prctl, operation, value[0], value[1], value[2], value[3]);
}

/* ptrace(2): the PEEK requests answer through the last argument, and -1 is a value like any. */
long ptrace(int request, ...)
{
    va_list rest;
    pid_t pid;
    void *address, *data;
    long word, answer;

    va_start(rest, request);
    pid = va_arg(rest, pid_t);
    address = va_arg(rest, void *);
    data = va_arg(rest, void *);
    va_end(rest);
    if (request >= PTRACE_PEEKTEXT && request <= PTRACE_PEEKUSER)
        data = &word;
    answer = SYS(SYS_ptrace, request, pid, address, data);
    if (answer >= 0 && data == &word) {
        errno = 0;
        return word;
    }
    return answer;
}

int unshare(int flags)
{
    return (int)SYS(SYS_unshare, flags);
}

int setns(int fd, int type)
{
    return (int)SYS(SYS_setns, fd, type);
}

LARGE_ALIAS(prlimit, prlimit64);
LARGE_ALIAS(getrlimit, getrlimit64);
LARGE_ALIAS(setrlimit, setrlimit64);
