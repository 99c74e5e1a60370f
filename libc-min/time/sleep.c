/* Sleeping and timers. */
#include "syscall.h"
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Answers with the error itself (POSIX). */
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

/* What is left is cut to whole seconds: were it rounded, a program that sleeps on for what is left
 * would not end where signals come more often than every half second. */
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

/* What was left is rounded up, as in musl: an alarm that is set is never 0. (The kernel's own call
 * rounds to the nearest second.) */
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
