/* rt's locks. */
#ifndef RT_LOCK_H
#define RT_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Held for a few instructions, with all signals blocked, so that they may be taken in a handler.
 * Who takes several takes them in this order. */
enum leaf_lock {
    LEAF_BINDING,  /* which object is bound to which: binding.c */
    LEAF_UNIQUE,   /* unique symbols: unique.c */
    LEAF_TLS,      /* modules and threads: tls.c */
    LEAF_ALLOCATE, /* rt's memory: allocate.c */
    LEAF_LOCKS,
};

/* From here on there may be threads and signal handlers: before it a lock costs nothing. */
void lock_needed(void);

void leaf_lock_take(enum leaf_lock lock);
void leaf_lock_release(enum leaf_lock lock);

/* The linker's: the list of objects and all that hangs on it. The same thread may take it again:
 * constructors call dlopen(). */
void linker_lock_take(void);
void linker_lock_release(void);

/* futex(2), of threads of this process: sleeps while a word has a value, or until it is woken, or
 * for no reason; wakes so many at the most. */
void futex_wait(const int *word, int value);
void futex_wake(const int *word, int most);

/* A fork(2) must not leave a lock held in the child by a thread that it has not got: takes them all
 * (0), gives them back in the parent (1), in the child (2). */
void lock_fork(int when);

#endif
