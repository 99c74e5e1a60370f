/* pthread_attr_t is opaque in musl's headers (56 bytes); this is what we keep there. */
#ifndef LIBC_THREAD_ATTR_H
#define LIBC_THREAD_ATTR_H

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

#define THREAD_STACK_DEFAULT ((size_t)128 << 10) /* musl's */
#define THREAD_GUARD_DEFAULT ((size_t)8 << 10)   /* musl's */

#endif
