/* sem_init(3) and its kin: unnamed semaphores. The count is the word that waiters sleep on. */
#include "futex.h"
#include "thread.h"
#include <errno.h>
#include <semaphore.h>

enum { SEM_COUNT, SEM_WAITERS, SEM_FLAGS }; /* where in sem_t's __val */

int sem_init(sem_t *semaphore, int shared, unsigned value)
{
    if (value > SEM_VALUE_MAX) {
        errno = EINVAL;
        return -1;
    }
    *semaphore = (sem_t){0};
    semaphore->__val[SEM_COUNT] = (int)value;
    semaphore->__val[SEM_FLAGS] = shared ? 0 : FUTEX_PRIVATE;
    return 0;
}

int sem_destroy(sem_t *semaphore)
{
    (void)semaphore;
    return 0;
}

int sem_getvalue(sem_t *restrict semaphore, int *restrict value)
{
    *value = semaphore->__val[SEM_COUNT];
    return 0;
}

static int count_take(sem_t *semaphore)
{
    int value = semaphore->__val[SEM_COUNT];

    while (value > 0)
        if (__atomic_compare_exchange_n(&semaphore->__val[SEM_COUNT], &value, value - 1, 0,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return 1;
    return 0;
}

int sem_trywait(sem_t *semaphore)
{
    if (count_take(semaphore))
        return 0;
    errno = EAGAIN;
    return -1;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    while (!count_take(semaphore)) {
        int error;
        __atomic_add_fetch(&semaphore->__val[SEM_WAITERS], 1, __ATOMIC_SEQ_CST);
        error = futex_wait(&semaphore->__val[SEM_COUNT], 0, semaphore->__val[SEM_FLAGS],
                           CLOCK_REALTIME, until);
        __atomic_sub_fetch(&semaphore->__val[SEM_WAITERS], 1, __ATOMIC_SEQ_CST);
        if (error) {
            errno = error;
            return -1;
        }
    }
    return 0;
}

int sem_wait(sem_t *semaphore)
{
    return sem_timedwait(semaphore, NULL);
}

int sem_post(sem_t *semaphore)
{
    int flags = semaphore->__val[SEM_FLAGS]; /* it may be destroyed when the count is up */
    int value = semaphore->__val[SEM_COUNT];

    do {
        if (value == SEM_VALUE_MAX) {
            errno = EOVERFLOW;
            return -1;
        }
    } while (!__atomic_compare_exchange_n(&semaphore->__val[SEM_COUNT], &value, value + 1, 0,
                                          __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    if (__atomic_load_n(&semaphore->__val[SEM_WAITERS], __ATOMIC_SEQ_CST))
        futex_wake(&semaphore->__val[SEM_COUNT], 1, flags);
    return 0;
}
