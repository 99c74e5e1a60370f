/* pthread_spin_*(3) and pthread_barrier_*(3). */
#include "cpu_relax.h"
#include "futex.h"
#include "thread.h"
#include <errno.h>
#include <pthread.h>

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    (void)shared;
    *lock = 0;
    return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    (void)lock;
    return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
    while (pthread_spin_trylock(lock))
        while (*lock)
            cpu_relax(1);
    return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
    return 0;
}

struct barrier {
    unsigned limit;
    volatile unsigned arrived; /* in this round */
    volatile unsigned round;
    volatile unsigned inside; /* number that have not left yet, and DESTROY */
    int shared;
};

#define DESTROY 0x80000000U /* pthread_barrier_destroy() waits for them */

_Static_assert(sizeof(struct barrier) <= sizeof(pthread_barrier_t), "musl's ABI");

int pthread_barrier_init(pthread_barrier_t *restrict barrier,
                         const pthread_barrierattr_t *restrict attr, unsigned count)
{
    if (!count || count > INT_MAX)
        return EINVAL;
    *barrier = (pthread_barrier_t){0};
    *(struct barrier *)barrier =
        (struct barrier){.limit = count, .shared = attr ? (int)attr->__attr : 0};
    return 0;
}

/* POSIX: the thread that got PTHREAD_BARRIER_SERIAL_THREAD may destroy the barrier while the others
 * still leave. The last of them wakes that thread. */
int pthread_barrier_destroy(pthread_barrier_t *given)
{
    struct barrier *barrier = (struct barrier *)given;
    unsigned inside = __atomic_or_fetch(&barrier->inside, DESTROY, __ATOMIC_ACQ_REL);

    while (inside != DESTROY) {
        futex_wait(&barrier->inside, (int)inside, barrier->shared ? 0 : FUTEX_PRIVATE,
                   CLOCK_MONOTONIC, NULL);
        inside = __atomic_load_n(&barrier->inside, __ATOMIC_ACQUIRE);
    }
    return 0;
}

int pthread_barrier_wait(pthread_barrier_t *given)
{
    struct barrier *barrier = (struct barrier *)given;
    int flags = barrier->shared ? 0 : FUTEX_PRIVATE;
    unsigned round = __atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE);
    int last;

    __atomic_add_fetch(&barrier->inside, 1, __ATOMIC_ACQ_REL);
    last = __atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == barrier->limit;
    if (last) {
        barrier->arrived = 0;
        __atomic_add_fetch(&barrier->round, 1, __ATOMIC_ACQ_REL);
        futex_wake(&barrier->round, INT_MAX, flags);
    }
    while (__atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE) == round)
        futex_wait(&barrier->round, (int)round, flags, CLOCK_MONOTONIC, NULL);
    if (__atomic_sub_fetch(&barrier->inside, 1, __ATOMIC_ACQ_REL) == DESTROY)
        futex_wake(&barrier->inside, 1, flags);
    return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

int pthread_barrierattr_init(pthread_barrierattr_t *attr)
{
    *attr = (pthread_barrierattr_t){0};
    return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    attr->__attr = (unsigned)shared;
    return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attr, int *restrict shared)
{
    *shared = (int)attr->__attr;
    return 0;
}
