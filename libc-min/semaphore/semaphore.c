/* sem_init(3) and related functions: unnamed semaphores.
 *
 * One word holds the count; its highest bit says that a thread may be asleep. So sem_post() need
 * not read the semaphore again after it raises the count, when a waiter may have destroyed it. */
#include "futex.h"
#include "thread.h"
#include <errno.h>
#include <semaphore.h>

enum { SEM_WORD, SEM_FLAGS }; /* indices into sem_t's __val */

#define SLEEPERS 0x80000000U

static unsigned *word_of(sem_t *semaphore)
{
    return (unsigned *)&semaphore->__val[SEM_WORD];
}

int sem_init(sem_t *semaphore, int shared, unsigned value)
{
    if (value > SEM_VALUE_MAX) {
        errno = EINVAL;
        return -1;
    }
    *semaphore = (sem_t){0};
    semaphore->__val[SEM_WORD] = (int)value;
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
    *value = (int)(__atomic_load_n(word_of(semaphore), __ATOMIC_RELAXED) & ~SLEEPERS);
    return 0;
}

/* Takes one and returns 1; or returns 0 and leaves the word as it was. */
static int count_take(unsigned *word, unsigned *seen)
{
    *seen = __atomic_load_n(word, __ATOMIC_RELAXED);
    while (*seen & ~SLEEPERS)
        if (__atomic_compare_exchange_n(word, seen, *seen - 1, 0, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return 1;
    return 0;
}

int sem_trywait(sem_t *semaphore)
{
    unsigned seen;

    if (count_take(word_of(semaphore), &seen))
        return 0;
    errno = EAGAIN;
    return -1;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    unsigned *word = word_of(semaphore), seen;
    int error;

    while (!count_take(word, &seen)) {
        if (!(seen & SLEEPERS) && !__atomic_compare_exchange_n(word, &seen, seen | SLEEPERS, 0,
                                                               __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            continue;
        error = futex_wait(word, (int)SLEEPERS, semaphore->__val[SEM_FLAGS], CLOCK_REALTIME, until);
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

/* Wakes all sleepers, because the bit does not say how many there are. A thread that gets nothing
 * sets the bit again. */
int sem_post(sem_t *semaphore)
{
    int flags = semaphore->__val[SEM_FLAGS];
    unsigned *word = word_of(semaphore), seen = __atomic_load_n(word, __ATOMIC_RELAXED);

    do {
        if ((seen & ~SLEEPERS) == SEM_VALUE_MAX) {
            errno = EOVERFLOW;
            return -1;
        }
    } while (!__atomic_compare_exchange_n(word, &seen, (seen & ~SLEEPERS) + 1, 0, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    if (seen & SLEEPERS)
        futex_wake(word, INT_MAX, flags);
    return 0;
}
