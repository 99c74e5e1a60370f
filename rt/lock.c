#include "lock.h"

#include "system.h"

#include <time.h>

/* futex(2) */
enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };

static bool needed;

void lock_needed(void)
{
    needed = true;
}

static struct {
    int held;
    uint64_t mask; /* the holder's signals, to be restored */
} leaf_locks[LEAF_LOCKS];

void leaf_lock_take(enum leaf_lock lock)
{
    if (!needed)
        return;
    uint64_t every = ~0ul, mask;
    system_call(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, &every, &mask, sizeof mask);
    while (__atomic_exchange_n(&leaf_locks[lock].held, 1, __ATOMIC_ACQUIRE) != 0)
        system_call(SYS_sched_yield);
    leaf_locks[lock].mask = mask;
}

void leaf_lock_release(enum leaf_lock lock)
{
    if (!needed)
        return;
    uint64_t mask = leaf_locks[lock].mask;
    __atomic_store_n(&leaf_locks[lock].held, 0, __ATOMIC_RELEASE);
    system_call(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, NULL, sizeof mask);
}

/* futex(2), "mutex": 0 free, 1 held, 2 held and waited for. */
static int word;
static void *owner; /* a thread pointer */
static unsigned depth;

void linker_lock_take(void)
{
    void *self = arch_thread_pointer();
    if (__atomic_load_n(&owner, __ATOMIC_RELAXED) == self) {
        depth++;
        return;
    }
    int seen = 0;
    if (!__atomic_compare_exchange_n(&word, &seen, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        if (seen != 2)
            seen = __atomic_exchange_n(&word, 2, __ATOMIC_ACQUIRE);
        while (seen != 0) {
            system_call(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 2, NULL);
            seen = __atomic_exchange_n(&word, 2, __ATOMIC_ACQUIRE);
        }
    }
    __atomic_store_n(&owner, self, __ATOMIC_RELAXED);
    depth = 1;
}

void linker_lock_release(void)
{
    if (--depth > 0)
        return;
    __atomic_store_n(&owner, NULL, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&word, 0, __ATOMIC_RELEASE) == 2) {
        /* who has waited gets its turn, even from a thread that asks again at once */
        const struct timespec turn = {0, 50000};
        system_call(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
        system_call(SYS_nanosleep, &turn, NULL);
    }
}

void lock_fork(int when)
{
    if (when == 0) {
        linker_lock_take();
        for (unsigned lock = 0; lock < LEAF_LOCKS; lock++)
            leaf_lock_take(lock);
        return;
    }
    for (unsigned lock = LEAF_LOCKS; lock-- > 0;)
        leaf_lock_release(lock);
    linker_lock_release();
}
