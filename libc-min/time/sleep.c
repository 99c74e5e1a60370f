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

unsigned sleep(unsigned seconds)
{
    struct timespec time = {.tv_sec = seconds};

    return nanosleep(&time, &time) == 0 ? 0 : (unsigned)time.tv_sec + (time.tv_nsec >= 500000000);
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

unsigned alarm(unsigned seconds)
{
    return (unsigned)sys_call(SYS_alarm, seconds);
}

unsigned ualarm(unsigned microseconds, unsigned interval)
{
    struct itimerval new = {.it_interval.tv_usec = interval, .it_value.tv_usec = microseconds},
                     old = {0};

    setitimer(ITIMER_REAL, &new, &old);
    return (unsigned)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}
