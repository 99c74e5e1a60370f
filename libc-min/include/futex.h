/* futex(2): sleeping on a word, and waking. */
#ifndef LIBC_FUTEX_H
#define LIBC_FUTEX_H

#include "syscall.h"
#include <errno.h>
#include <stddef.h>
#include <time.h>

/* From the kernel's <linux/futex.h>, which is not among musl's headers. */
enum {
    FUTEX_WAKE = 1,
    FUTEX_WAIT_BITSET = 9,
    FUTEX_WAKE_BITSET = 10,
    FUTEX_PRIVATE = 128,
    FUTEX_CLOCK_REALTIME = 256,
};
#define FUTEX_BITSET_MATCH_ANY 0xffffffffU

/* Sleeps while *word == value, until `until` (absolute, of `clock`) if `until` is not NULL; `flags`
 * is FUTEX_PRIVATE for a word that no other process sees. Returns 0 after a wake-up or if the word
 * had another value, else ETIMEDOUT or EINTR, or EINVAL for an invalid time. */
static inline int futex_wait(volatile void *word, int value, int flags, clockid_t clock,
                             const struct timespec *until)
{
    int operation = FUTEX_WAIT_BITSET | flags;
    long answer;

    if (until && (unsigned long)until->tv_nsec >= 1000000000UL)
        return EINVAL;
    if (until && until->tv_sec < 0)
        return ETIMEDOUT;
    if (clock == CLOCK_REALTIME)
        operation |= FUTEX_CLOCK_REALTIME;
    answer = sys_call(SYS_futex, word, operation, value, until, NULL, FUTEX_BITSET_MATCH_ANY);
    return answer == -ETIMEDOUT || answer == -EINTR ? (int)-answer : 0;
}

static inline void futex_wake(volatile void *word, int count, int flags)
{
    sys_call(SYS_futex, word, FUTEX_WAKE | flags, count);
}

#endif
