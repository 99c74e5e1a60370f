/* pthread_rwlock_*(3). One word counts the readers, or is WRITER; its highest bit says that a
 * thread may be asleep. So an unlock need not read the lock again after the release, when another
 * thread may have destroyed it. Readers come first: they get the lock while other readers hold it.
 */
#include "futex.h"
#include "thread.h"
#include <errno.h>
#include <pthread.h>

struct rwlock {
    volatile unsigned state;
    int shared;
};

#define SLEEPERS 0x80000000U
#define WRITER   0x7fffffffU

_Static_assert(sizeof(struct rwlock) <= sizeof(pthread_rwlock_t), "musl's ABI");

static struct rwlock *rwlock_of(pthread_rwlock_t *lock)
{
    return (struct rwlock *)lock;
}

int pthread_rwlock_init(pthread_rwlock_t *restrict lock, const pthread_rwlockattr_t *restrict attr)
{
    *lock = (pthread_rwlock_t){0};
    if (attr)
        rwlock_of(lock)->shared = (int)attr->__attr[0];
    return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
    (void)lock;
    return 0;
}

/* 0, EBUSY or EAGAIN; `seen` is the last state read, which explains the error. */
static int read_try(struct rwlock *lock, unsigned *seen)
{
    *seen = lock->state;
    do {
        if ((*seen & ~SLEEPERS) == WRITER)
            return EBUSY;
        if ((*seen & ~SLEEPERS) == WRITER - 1)
            return EAGAIN;
    } while (!__atomic_compare_exchange_n(&lock->state, seen, *seen + 1, 0, __ATOMIC_ACQUIRE,
                                          __ATOMIC_RELAXED));
    return 0;
}

static int write_try(struct rwlock *lock, unsigned *seen)
{
    *seen = lock->state;
    do {
        if (*seen & ~SLEEPERS)
            return EBUSY;
    } while (!__atomic_compare_exchange_n(&lock->state, seen, *seen | WRITER, 0, __ATOMIC_ACQUIRE,
                                          __ATOMIC_RELAXED));
    return 0;
}

static int lock_until(struct rwlock *lock, int (*attempt)(struct rwlock *, unsigned *),
                      const struct timespec *until)
{
    unsigned seen;
    int error;

    while ((error = attempt(lock, &seen)) == EBUSY) {
        if (!(seen & SLEEPERS) &&
            !__atomic_compare_exchange_n(&lock->state, &seen, seen | SLEEPERS, 0, __ATOMIC_RELAXED,
                                         __ATOMIC_RELAXED))
            continue;
        error = futex_wait(&lock->state, (int)(seen | SLEEPERS), lock->shared ? 0 : FUTEX_PRIVATE,
                           CLOCK_REALTIME, until);
        if (error == ETIMEDOUT || error == EINVAL)
            return error;
    }
    return error;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    unsigned seen;

    return read_try(rwlock_of(lock), &seen);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    return lock_until(rwlock_of(lock), read_try, NULL);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    return lock_until(rwlock_of(lock), read_try, until);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    unsigned seen;

    return write_try(rwlock_of(lock), &seen);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    return lock_until(rwlock_of(lock), write_try, NULL);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    return lock_until(rwlock_of(lock), write_try, until);
}

/* The last holder wakes all waiting threads. */
int pthread_rwlock_unlock(pthread_rwlock_t *given)
{
    struct rwlock *lock = rwlock_of(given);
    int flags = lock->shared ? 0 : FUTEX_PRIVATE;
    unsigned seen = lock->state, left;

    do {
        left = (seen & ~SLEEPERS) == WRITER ? 0 : seen - 1;
        if (!(left & ~SLEEPERS))
            left = 0;
    } while (!__atomic_compare_exchange_n(&lock->state, &seen, left, 0, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    if (!left && seen & SLEEPERS)
        futex_wake(&lock->state, INT_MAX, flags);
    return 0;
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr)
{
    *attr = (pthread_rwlockattr_t){0};
    return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    attr->__attr[0] = (unsigned)shared;
    return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attr, int *restrict shared)
{
    *shared = (int)attr->__attr[0];
    return 0;
}
