/* getrlimit(2), getrusage(2), getpriority(2). */
#include "syscall.h"
#include <sys/resource.h>
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

/* The system call returns 20 minus the nice value, which is never negative. */
int getpriority(int which, id_t who)
{
    long answer = SYS(SYS_getpriority, which, who);

    return answer < 0 ? -1 : (int)(20 - answer);
}

int setpriority(int which, id_t who, int value)
{
    return (int)SYS(SYS_setpriority, which, who, value);
}

LARGE_ALIAS(prlimit, prlimit64);
LARGE_ALIAS(getrlimit, getrlimit64);
LARGE_ALIAS(setrlimit, setrlimit64);
