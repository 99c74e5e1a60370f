/* rt's arch.h with a thread pointer of the test's own: the real one is the host's C library's,
 * which has something else behind it than rt. */
#ifndef TEST_ARCH_H
#define TEST_ARCH_H

#define arch_thread_pointer     arch_thread_pointer_of_host
#define arch_thread_pointer_set arch_thread_pointer_set_of_host
#include "rt/arch/x86_64/arch.h"
#undef arch_thread_pointer
#undef arch_thread_pointer_set

extern __thread void *test_thread;

static inline void *arch_thread_pointer(void)
{
    return test_thread;
}

static inline void arch_thread_pointer_set(void *pointer)
{
    test_thread = pointer;
}

#endif
