/* pthread_rwlock_*(3). `state` counts readers; -1 is a writer. A waiter sleeps on `sequence`, which
 * each release changes. Readers come first: they get in while other readers hold it. */
#include "futex.h"
#include "thread.h"
#include <errno.h>
#include <pthread.h>

struct rwlock {
    volatile int state;
    volatile int sequence;
    volatile int waiters;
    int shared;
};

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

static int read_try(struct rwlock *lock)
{
    int state = lock->state;

    do {
        if (state < 0)
            return EBUSY;
        if (state == INT_MAX)
            return EAGAIN;
    } while (!__atomic_compare_exchange_n(&lock->state, &state, state + 1, 0, __ATOMIC_ACQUIRE,
                                          __ATOMIC_RELAXED));
    return 0;
}

static int write_try(struct rwlock *lock)
{
    int free_state = 0;

    return __atomic_compare_exchange_n(&lock->state, &free_state, -1, 0, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED)
               ? 0
               : EBUSY;
}

static int lock_until(struct rwlock *lock, int (*attempt)(struct rwlock *),
                      const struct timespec *until)
{
    int error = attempt(lock);

    while (error == EBUSY) {
        int sequence = __atomic_load_n(&lock->sequence, __ATOMIC_ACQUIRE);
        __atomic_add_fetch(&lock->waiters, 1, __ATOMIC_SEQ_CST);
        error = attempt(lock);
        if (error == EBUSY) {
            int answer = futex_wait(&lock->sequence, sequence, lock->shared ? 0 : FUTEX_PRIVATE,
                                    CLOCK_REALTIME, until);
            if (answer == ETIMEDOUT || answer == EINVAL)
                error = answer;
        }
        __atomic_sub_fetch(&lock->waiters, 1, __ATOMIC_SEQ_CST);
        if (error == EBUSY)
            error = attempt(lock);
    }
    return error;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    return read_try(rwlock_of(lock));
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
    return write_try(rwlock_of(lock));
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

int pthread_rwlock_unlock(pthread_rwlock_t *given)
{
    struct rwlock *lock = rwlock_of(given);
    int left = lock->state < 0 ? 0 : -1;

    if (left == 0)
        __atomic_store_n(&lock->state, 0, __ATOMIC_SEQ_CST);
    else
        left = __atomic_sub_fetch(&lock->state, 1, __ATOMIC_SEQ_CST);
    if (left == 0 && __atomic_load_n(&lock->waiters, __ATOMIC_SEQ_CST)) {
        __atomic_add_fetch(&lock->sequence, 1, __ATOMIC_SEQ_CST);
        futex_wake(&lock->sequence, INT_MAX, lock->shared ? 0 : FUTEX_PRIVATE);
    }
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
