/* Sleeping and timers. */
#include "syscall.h"
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Returns the error itself (POSIX). */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left)
{
    if (clock == CLOCK_THREAD_CPUTIME_ID)
        return EINVAL;
    return (int)-sys_call(SYS_clock_nanosleep, clock, flags, time, left);
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    return (int)SYS(SYS_nanosleep, time, left);
}

/* The rest is rounded down to seconds. If it were rounded to the nearest second, a program that
 * sleeps again for the rest would never end when signals come more often than every half second. */
unsigned sleep(unsigned seconds)
{
    struct timespec time = {.tv_sec = seconds};

    return nanosleep(&time, &time) == 0 ? 0 : (unsigned)time.tv_sec;
}

int usleep(unsigned microseconds)
{
    struct timespec time = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};

    return nanosleep(&time, NULL);
}

int pause(void)
{
    return (int)SYS(SYS_pause);
}

int setitimer(int which, const struct itimerval *restrict new, struct itimerval *restrict old)
{
    return (int)SYS(SYS_setitimer, which, new, old);
}

int getitimer(int which, struct itimerval *to)
{
    return (int)SYS(SYS_getitimer, which, to);
}

/* The rest is rounded up, as in musl, so that it is never 0 for an alarm that is set. (The kernel's
 * own call rounds to the nearest second.) */
unsigned alarm(unsigned seconds)
{
    struct itimerval new = {.it_value.tv_sec = seconds}, old = {0};

    sys_call(SYS_setitimer, ITIMER_REAL, &new, &old);
    return (unsigned)old.it_value.tv_sec + (old.it_value.tv_usec != 0);
}

unsigned ualarm(unsigned microseconds, unsigned interval)
{
    struct itimerval new = {.it_interval.tv_usec = interval, .it_value.tv_usec = microseconds},
                     old = {0};

    if (setitimer(ITIMER_REAL, &new, &old) != 0)
        return (unsigned)-1; /* EINVAL: a second or more */
    return (unsigned)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}
