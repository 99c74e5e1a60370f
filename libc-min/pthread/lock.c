#include "lock.h"
#include "cpu_relax.h"
#include "futex.h"

/* Sets 2 when it takes the lock: the new holder cannot know whether other threads still sleep. */
void __lock_wait(volatile lock_t *lock)
{
    for (int turns = 1; turns <= 128; turns *= 2) {
        if (!__atomic_load_n(lock, __ATOMIC_RELAXED) && lock_try(lock))
            return;
        cpu_relax(turns);
    }
    while (__atomic_exchange_n(lock, 2, __ATOMIC_ACQUIRE))
        futex_wait(lock, 2, FUTEX_PRIVATE, CLOCK_MONOTONIC, NULL);
}

void __lock_wake(volatile lock_t *lock)
{
    futex_wake(lock, 1, FUTEX_PRIVATE);
}
