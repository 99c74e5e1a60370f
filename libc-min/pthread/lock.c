#include "lock.h"
#include "cpu_relax.h"
#include "futex.h"

/* The word is 2 from the moment that someone may sleep until nobody can: whoever gets the lock here
 * cannot know whether others sleep, and leaves it at 2. */
void __lock_wait(volatile lock_t *lock)
{
    for (int turns = 1; turns <= 128; turns *= 2) {
        if (!*lock && lock_try(lock))
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
