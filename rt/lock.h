/* rt's locks. */
#ifndef RT_LOCK_H
#define RT_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Held for a few instructions, with all signals blocked, so that it may be taken in a handler. */
struct leaf_lock {
    int held;
    uint64_t mask; /* the holder's signals, to be restored */
};

/* From here on there may be threads and signal handlers: before it a lock costs nothing. */
void lock_needed(void);

void leaf_lock_take(struct leaf_lock *lock);
void leaf_lock_release(struct leaf_lock *lock);

/* The linker's: the list of objects and all that hangs on it. The same thread may take it again:
 * constructors call dlopen(). */
void linker_lock_take(void);
void linker_lock_release(void);

/* fork(2) by another thread must not leave it held in the child: 0 before, 1 in the parent, 2 in
 * the child. */
void linker_lock_fork(int when);

#endif
