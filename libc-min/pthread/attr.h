/* The contents of pthread_attr_t, which is opaque in musl's headers (56 bytes). */
#ifndef LIBC_THREAD_ATTR_H
#define LIBC_THREAD_ATTR_H

#include "thread.h"
#include <pthread.h>
#include <stddef.h>

struct thread_attr {
    size_t stack_size; /* bytes */
    size_t guard_size; /* bytes */
    void *stack_end;   /* end of the stack that the caller provides, or NULL */
    int detached;
    int explicit_scheduling, policy, priority;
};

_Static_assert(sizeof(struct thread_attr) <= sizeof(pthread_attr_t), "musl's ABI");

/* The attributes of a thread that is made without any. */
static inline struct thread_attr attr_default(void)
{
    return (struct thread_attr){
        .stack_size = __atomic_load_n(&__default_stack_size, __ATOMIC_RELAXED),
        .guard_size = __atomic_load_n(&__default_guard_size, __ATOMIC_RELAXED),
    };
}

#endif
