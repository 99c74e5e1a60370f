/* clock_gettime(2) in the vDSO, and functions that are based on it. */
#include "alias.h"
#include "syscall.h"
#include "vdso.h"
#include <errno.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/timeb.h>
#include <time.h>

int __clock_gettime(clockid_t clock, struct timespec *to);

typedef int clock_function(clockid_t, struct timespec *);

static int clock_by_kernel(clockid_t clock, struct timespec *to)
{
    return (int)sys_call(SYS_clock_gettime, clock, to);
}

static int clock_first(clockid_t clock, struct timespec *to);
static clock_function *clock_now = clock_first;

/* The first call, in any thread, finds the vDSO's function; all threads find the same. */
static int clock_first(clockid_t clock, struct timespec *to)
{
    clock_function *found = (clock_function *)(uintptr_t)__vdso_find("__vdso_clock_gettime");

    if (!found)
        found = clock_by_kernel;
    __atomic_store_n(&clock_now, found, __ATOMIC_RELAXED);
    return found(clock, to);
}

int __clock_gettime(clockid_t clock, struct timespec *to)
{
    return (int)__sys_result(__atomic_load_n(&clock_now, __ATOMIC_RELAXED)(clock, to));
}
WEAK_ALIAS(__clock_gettime, clock_gettime);

int timespec_get(struct timespec *to, int base)
{
    return base == TIME_UTC && __clock_gettime(CLOCK_REALTIME, to) == 0 ? base : 0;
}

time_t time(time_t *to)
{
    struct timespec now;

    __clock_gettime(CLOCK_REALTIME, &now);
    if (to)
        *to = now.tv_sec;
    return now.tv_sec;
}

/* ISO C 7.27.2.1: processor time used, in CLOCKS_PER_SEC (a million). */
clock_t clock(void)
{
    struct timespec used;

    if (__clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0)
        return -1;
    return used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

double difftime(time_t later, time_t earlier)
{
    return (double)(later - earlier);
}

int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    if (!to)
        return 0;
    __clock_gettime(CLOCK_REALTIME, &now);
    *to = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

int ftime(struct timeb *to)
{
    struct timespec now;

    __clock_gettime(CLOCK_REALTIME, &now);
    *to = (struct timeb){.time = now.tv_sec, .millitm = (unsigned short)(now.tv_nsec / 1000000)};
    return 0;
}

int clock_getres(clockid_t clock, struct timespec *to)
{
    return (int)SYS(SYS_clock_getres, clock, to);
}

int clock_settime(clockid_t clock, const struct timespec *from)
{
    return (int)SYS(SYS_clock_settime, clock, from);
}

int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
    clockid_t found = (clockid_t)(~(unsigned)pid << 3 | 2); /* clock_getres(2): a process's */
    long answer = sys_call(SYS_clock_getres, found, NULL);

    if (answer < 0)
        return answer == -EINVAL ? ESRCH : (int)-answer;
    *clock = found;
    return 0;
}

int settimeofday(const struct timeval *from, const struct timezone *zone)
{
    return (int)SYS(SYS_settimeofday, from, zone);
}
