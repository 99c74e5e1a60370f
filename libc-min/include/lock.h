/* The library's own locks: one int, 0 when free, held for a few instructions. futex(2).
 *
 * While the process has one thread, no atomic instruction is needed. The state is kept all the
 * same, so that a lock that is held while the second thread is made is found locked. The only
 * thread sets __process.threaded before clone(2), so the flag never changes while another thread
 * could see the change. */
#ifndef LIBC_LOCK_H
#define LIBC_LOCK_H

#include "process.h"

/* 0: free; 1: held; 2: held, and a thread may be asleep. */
typedef int lock_t;

HIDDEN void __lock_wait(volatile lock_t *lock); /* the contended half of lock_take() */
HIDDEN void __lock_wake(volatile lock_t *lock); /* wakes one thread that sleeps on it */

#ifdef MALLOC_PRELOAD /* glibc's, <sys/single_threaded.h> */
extern char __libc_single_threaded;
#define LOCK_ALONE __libc_single_threaded
#else
#define LOCK_ALONE !__process.threaded
#endif

static inline void lock_take(volatile lock_t *lock)
{
    int zero = 0;

    if (LOCK_ALONE)
        *lock = 1;
    else if (!__atomic_compare_exchange_n(lock, &zero, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        __lock_wait(lock);
}

/* Nonzero if the lock was free and the caller now holds it. */
static inline int lock_try(volatile lock_t *lock)
{
    int zero = 0;

    return __atomic_compare_exchange_n(lock, &zero, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void lock_release(volatile lock_t *lock)
{
    if (LOCK_ALONE)
        *lock = 0;
    else if (__atomic_exchange_n(lock, 0, __ATOMIC_RELEASE) == 2)
        __lock_wake(lock);
}

#endif
