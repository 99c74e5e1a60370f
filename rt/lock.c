#include "lock.h"

#include "arch.h"
#include "base/syscall.h"
#include "placement.h"

#include <limits.h>

/* futex(2) */
enum {
    FUTEX_PRIVATE = 128,
    FUTEX_WAIT = FUTEX_PRIVATE | 0,
    FUTEX_WAKE = FUTEX_PRIVATE | 1,
    FUTEX_WAIT_BITSET = FUTEX_PRIVATE | 9,
    FUTEX_WAKE_BITSET = FUTEX_PRIVATE | 10,
};

void futex_wait(const int *word, int value)
{
    sys_call(SYS_futex, word, FUTEX_WAIT, value, NULL);
}

void futex_wake(const int *word, int most)
{
    sys_call(SYS_futex, word, FUTEX_WAKE, most);
}

/* A mutex of one word: 0 free, 1 held, 2 held with waiters (Drepper, "Futexes Are Tricky"). Waiters
 * sleep, so that a holder of lower priority gets the processor. */
static bool word_try(int *word)
{
    int free = 0;
    return __atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void word_wait(int *word)
{
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
        futex_wait(word, 2);
}

static void word_release(int *word)
{
    if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
        futex_wake(word, 1);
}

static bool needed;

void lock_needed(void)
{
    needed = true;
}

static struct {
    int word;
    uint64_t mask; /* the holder's signals, to be restored */
} leaf_locks[LEAF_LOCKS];

void leaf_lock_take(enum leaf_lock lock)
{
    if (!needed)
        return;
    uint64_t every = ~0ul, mask;
    sys_call(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, &every, &mask, sizeof mask);
    if (!word_try(&leaf_locks[lock].word))
        word_wait(&leaf_locks[lock].word);
    leaf_locks[lock].mask = mask;
}

void leaf_lock_release(enum leaf_lock lock)
{
    if (!needed)
        return;
    uint64_t mask = leaf_locks[lock].mask;
    word_release(&leaf_locks[lock].word);
    sys_call(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, NULL, sizeof mask);
}

/* The linker's lock. A thread that finds it free takes it even if others wait, so that a busy
 * thread does not hand over at every release. Waiters are in a queue, and only the first of them
 * waits for the lock itself. If another thread takes the lock before a woken waiter gets it, the
 * lock is closed: newcomers then join the queue. */
static int word;
static int closed; /* the first in the queue takes it next */
static int queue_next,
    queue_first; /* ticket numbers: the next to be given out, and the one that waits for `word` */
static void *owner; /* a thread pointer */
static unsigned depth;

static unsigned queue_bit(int number)
{
    return 1u << ((unsigned)number % 32);
}

COLD static void linker_lock_wait(void)
{
    int number = __atomic_fetch_add(&queue_next, 1, __ATOMIC_SEQ_CST), first;
    while ((first = __atomic_load_n(&queue_first, __ATOMIC_SEQ_CST)) != number)
        sys_call(SYS_futex, &queue_first, FUTEX_WAIT_BITSET, first, NULL, NULL, queue_bit(number));
    for (bool woken = false; __atomic_exchange_n(&word, 2, __ATOMIC_ACQUIRE) != 0; woken = true) {
        if (woken)
            __atomic_store_n(&closed, 1, __ATOMIC_RELAXED);
        futex_wait(&word, 2);
    }
    __atomic_store_n(&closed, 0, __ATOMIC_RELAXED);
    /* the order matters: a thread that takes a ticket after this read sees the new `queue_first` */
    first = __atomic_add_fetch(&queue_first, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&queue_next, __ATOMIC_SEQ_CST) != first)
        sys_call(SYS_futex, &queue_first, FUTEX_WAKE_BITSET, INT_MAX, NULL, NULL, queue_bit(first));
}

void linker_lock_take(void)
{
    void *self = arch_thread_pointer();
    if (__atomic_load_n(&owner, __ATOMIC_RELAXED) == self) {
        depth++;
        return;
    }
    if (__atomic_load_n(&closed, __ATOMIC_RELAXED) != 0 || !word_try(&word))
        linker_lock_wait();
    __atomic_store_n(&owner, self, __ATOMIC_RELAXED);
    depth = 1;
}

void linker_lock_release(void)
{
    if (--depth > 0)
        return;
    __atomic_store_n(&owner, NULL, __ATOMIC_RELAXED);
    word_release(&word);
}

COLD void lock_fork(int when)
{
    if (when == 0) {
        linker_lock_take();
        for (unsigned lock = 0; lock < LEAF_LOCKS; lock++)
            leaf_lock_take(lock);
        return;
    }
    if (when == 2) { /* nobody is in the queue of the child */
        closed = 0;
        queue_next = queue_first;
    }
    for (unsigned lock = LEAF_LOCKS; lock-- > 0;)
        leaf_lock_release(lock);
    linker_lock_release();
}
