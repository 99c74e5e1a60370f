/* calls: the time of the first call of a function through the PLT, and of a later one. Prints two
 * numbers, nanoseconds per call: for the first calls of 1000 functions of a library, and for the
 * fastest of several later rounds of the same calls.
 *
 * A round is timed as a whole, because reading the clock takes as long as a bound call. The time
 * also holds the indirect call and the loop, which are the same for all linkers.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <time.h>

enum { FUNCTIONS = 1000, ROUNDS = 200 };

extern void (*const callers[FUNCTIONS])(void); /* made by libraries.awk */

static double now_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double round_ns(void)
{
    double start = now_ns();

    for (int i = 0; i < FUNCTIONS; i++)
        callers[i]();
    return (now_ns() - start) / FUNCTIONS;
}

int main(void)
{
    double first, later = 1e9;

    now_ns(); /* binds its own slot before the measurement */
    first = round_ns();
    for (int i = 0; i < ROUNDS; i++) {
        double ns = round_ns();

        if (ns < later)
            later = ns;
    }
    printf("%.2f %.2f\n", first, later);
    return 0;
}
