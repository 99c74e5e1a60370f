/* rt's locks. */
#ifndef RT_LOCK_H
#define RT_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Leaf locks are held for a few instructions, with all signals blocked, so that a signal handler
 * may take them. Code that takes several takes them in this order. */
enum leaf_lock {
    LEAF_BINDING,  /* which object is bound to which: binding.c */
    LEAF_UNIQUE,   /* unique symbols: unique.c */
    LEAF_TLS,      /* modules and threads: tls.c */
    LEAF_ALLOCATE, /* rt's memory: allocate.c */
    LEAF_LOCKS,
};

/* Tells that there may be threads and signal handlers from now on. Before this call, locks do
 * nothing. */
void lock_needed(void);

void leaf_lock_take(enum leaf_lock lock);
void leaf_lock_release(enum leaf_lock lock);

/* The linker's lock guards the list of objects and all that is reached from it. A thread may take
 * it again, because constructors call dlopen(). */
void linker_lock_take(void);
void linker_lock_release(void);

/* futex(2) among threads of this process. futex_wait() sleeps while *word is `value`, until a
 * wake-up, or spuriously; futex_wake() wakes at most `most` threads. */
void futex_wait(const int *word, int value);
void futex_wake(const int *word, int most);

/* For fork(2): takes all locks (0), releases them in the parent (1) and in the child (2). In the
 * child, no other thread exists to release them. */
void lock_fork(int when);

#endif
