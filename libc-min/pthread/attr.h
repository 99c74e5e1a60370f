/* pthread_attr_t is opaque in musl's headers (56 bytes); this is what we keep there. */
#ifndef LIBC_THREAD_ATTR_H
#define LIBC_THREAD_ATTR_H

#include "thread.h"
#include <pthread.h>
#include <stddef.h>

struct thread_attr {
    size_t stack_size; /* bytes */
    size_t guard_size; /* bytes */
    void *stack_end;   /* of the caller's own stack, or NULL */
    int detached;
    int explicit_scheduling, policy, priority;
};

_Static_assert(sizeof(struct thread_attr) <= sizeof(pthread_attr_t), "musl's ABI");

/* What a thread gets without attributes. */
static inline struct thread_attr attr_default(void)
{
    return (struct thread_attr){
        .stack_size = __atomic_load_n(&__default_stack_size, __ATOMIC_RELAXED),
        .guard_size = __atomic_load_n(&__default_guard_size, __ATOMIC_RELAXED),
    };
}

#endif
