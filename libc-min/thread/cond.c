/* pthread_cond_*(3).
 *
 * `sequence` counts signals. A waiter remembers it while it still holds the mutex and sleeps only
 * if it has not changed since, so a signal sent in between is not lost: futex(2) compares and
 * sleeps in one step. A waiter may wake without need, which POSIX allows. */
#include "futex.h"
#include "thread.h"
#include <errno.h>
#include <pthread.h>

/* What we keep in musl's opaque pthread_cond_t (48 bytes); zeroed: initialized. */
struct cond {
    int shared; /* between processes */
    int clock;  /* of pthread_cond_timedwait() */
    volatile int sequence;
    volatile int waiters; /* who have not yet left; bit 31: pthread_cond_destroy() waits for them */
};

struct cond_attr {
    unsigned clock_and_shared; /* bit 31: shared */
};

#define SHARED  0x80000000U
#define DESTROY 0x80000000U

_Static_assert(sizeof(struct cond) <= sizeof(pthread_cond_t), "musl's ABI");
_Static_assert(sizeof(struct cond_attr) <= sizeof(pthread_condattr_t), "musl's ABI");

static struct cond *cond_of(pthread_cond_t *cond)
{
    return (struct cond *)cond;
}

static int futex_flags(const struct cond *cond)
{
    return cond->shared ? 0 : FUTEX_PRIVATE;
}

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr)
{
    *cond = (pthread_cond_t){0};
    if (attr) {
        unsigned both = ((const struct cond_attr *)attr)->clock_and_shared;
        cond_of(cond)->clock = (int)(both & ~SHARED);
        cond_of(cond)->shared = (both & SHARED) != 0;
    }
    return 0;
}

/* POSIX: it may be destroyed as soon as nobody is blocked, which is before the last one woken has
 * left. */
int pthread_cond_destroy(pthread_cond_t *given)
{
    struct cond *cond = cond_of(given);
    unsigned waiters = (unsigned)__atomic_or_fetch(&cond->waiters, (int)DESTROY, __ATOMIC_ACQ_REL);

    while (waiters & ~DESTROY) {
        futex_wait(&cond->waiters, (int)waiters, futex_flags(cond), CLOCK_MONOTONIC, NULL);
        waiters = (unsigned)__atomic_load_n(&cond->waiters, __ATOMIC_ACQUIRE);
    }
    return 0;
}

static int cond_wait(struct cond *cond, pthread_mutex_t *mutex, clockid_t clock,
                     const struct timespec *until)
{
    int sequence = __atomic_load_n(&cond->sequence, __ATOMIC_ACQUIRE);
    int flags = futex_flags(cond); /* it may be gone once we have left */
    int error, unlocked;

    if (until && (unsigned long)until->tv_nsec >= 1000000000UL)
        return EINVAL;
    __atomic_add_fetch(&cond->waiters, 1, __ATOMIC_ACQ_REL);
    unlocked = pthread_mutex_unlock(mutex);
    if (unlocked) {
        __atomic_sub_fetch(&cond->waiters, 1, __ATOMIC_ACQ_REL);
        return unlocked;
    }
    error = futex_wait(&cond->sequence, sequence, flags, clock, until);
    if ((unsigned)__atomic_sub_fetch(&cond->waiters, 1, __ATOMIC_ACQ_REL) == DESTROY)
        futex_wake(&cond->waiters, 1, flags);
    unlocked = pthread_mutex_lock(mutex);
    return unlocked ? unlocked : error == ETIMEDOUT ? ETIMEDOUT : 0;
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
    return cond_wait(cond_of(cond), mutex, CLOCK_MONOTONIC, NULL);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    return cond_wait(cond_of(cond), mutex, cond_of(cond)->clock, until);
}

static int cond_wake(struct cond *cond, int count)
{
    if (!(__atomic_load_n(&cond->waiters, __ATOMIC_ACQUIRE) & ~DESTROY))
        return 0;
    __atomic_add_fetch(&cond->sequence, 1, __ATOMIC_ACQ_REL);
    futex_wake(&cond->sequence, count, futex_flags(cond));
    return 0;
}

int pthread_cond_signal(pthread_cond_t *cond)
{
    return cond_wake(cond_of(cond), 1);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
    return cond_wake(cond_of(cond), INT_MAX);
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
    *attr = (pthread_condattr_t){0};
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
    struct cond_attr *to = (struct cond_attr *)attr;

    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        return EINVAL;
    to->clock_and_shared = (to->clock_and_shared & SHARED) | (unsigned)clock;
    return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attr, clockid_t *restrict clock)
{
    *clock = (clockid_t)(((const struct cond_attr *)attr)->clock_and_shared & ~SHARED);
    return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
    struct cond_attr *to = (struct cond_attr *)attr;

    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    to->clock_and_shared = (to->clock_and_shared & ~SHARED) |
                           (shared == PTHREAD_PROCESS_SHARED ? SHARED : 0);
    return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attr, int *restrict shared)
{
    *shared = ((const struct cond_attr *)attr)->clock_and_shared & SHARED ? PTHREAD_PROCESS_SHARED
                                                                          : PTHREAD_PROCESS_PRIVATE;
    return 0;
}
