/* sleep(3), alarm(2) and their kin under signals: what they say is left. */
#include "check.h"
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

static volatile int ticks;

static void tick(int signal)
{
    ticks++;
}

static void tick_every(long microseconds)
{
    struct itimerval every = {{0, microseconds}, {0, microseconds}};

    CHECK_IS(setitimer(ITIMER_REAL, &every, NULL), 0);
}

/* A signal every 10 ms: the first interrupts, some time has passed, so the whole second has not. */
static void interrupted(void)
{
    struct timespec time = {5, 0}, left = {9, 9};
    unsigned whole;

    signal(SIGALRM, tick);
    siginterrupt(SIGALRM, 1);
    tick_every(10000);
    whole = sleep(2);
    CHECK(whole < 2);
    whole = sleep(1000000);
    CHECK(whole < 1000000 && whole > 900000);
    whole = 2;
    for (int calls = 0; whole != 0 && calls < 20; calls++)
        whole = sleep(whole);
    CHECK_IS(whole, 0); /* the usual loop ends */
    errno = 0;
    CHECK(usleep(3000000) == -1 && errno == EINTR);
    errno = 0;
    CHECK(nanosleep(&time, &left) == -1 && errno == EINTR);
    CHECK(left.tv_sec < 5 && left.tv_sec >= 0 && left.tv_nsec < 1000000000);
    errno = 0;
    left = (struct timespec){9, 9};
    CHECK_IS(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &left), EINTR);
    CHECK(left.tv_sec < 5);
    left = (struct timespec){9, 9};
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += 1000;
    CHECK_IS(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, &left), EINTR);
    CHECK_IS(left.tv_sec, 9); /* untouched */
    CHECK_IS(errno, 0);
    tick_every(0);
    CHECK(ticks > 0);
}

/* What alarm() says was left of `seconds` and `microseconds`; asked again where this process was
 * kept waiting for a fifth of a second in between. */
static unsigned alarm_left(long seconds, long microseconds)
{
    struct itimerval timer = {{3, 0}, {seconds, microseconds}};
    struct timespec before, after;
    unsigned left;

    do {
        clock_gettime(CLOCK_MONOTONIC, &before);
        setitimer(ITIMER_REAL, &timer, NULL);
        left = alarm(0);
        clock_gettime(CLOCK_MONOTONIC, &after);
    } while ((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >
             200);
    return left;
}

static void alarms(void)
{
    struct itimerval timer;

#ifdef __GLIBC__ /* to the nearest second */
    CHECK_IS(alarm_left(1000, 400000), 1000);
#else
    CHECK_IS(alarm_left(1000, 400000), 1001);
#endif
    CHECK_IS(alarm_left(1000, 800000), 1001);
    CHECK_IS(alarm_left(0, 300000), 1);
    CHECK_IS(alarm(0), 0);
    CHECK_IS(alarm(0xFFFFFFFF), 0);
    CHECK_IS(getitimer(ITIMER_REAL, &timer), 0);
    CHECK_IS(timer.it_interval.tv_sec, 0);
    CHECK(timer.it_value.tv_sec >= 0xFFFF0000);
    CHECK(alarm(0) >= 0xFFFF0000);
    CHECK_IS(ualarm(900000, 0), 0);
    unsigned left = ualarm(0, 0);
    CHECK(left <= 900000);
    errno = 0;
    ualarm(1000000, 0);
    CHECK_IS(errno, EINVAL);
}

int main(void)
{
    interrupted();
    alarms();
    return check_end();
}
