/* For torture.tsan, included before each source: tells ThreadSanitizer that memory which one thread
 * unmaps and another maps changes hands in the order in which the kernel does it. It sees the order
 * only of calls of the C library, and would report the new owner's writes as races with what the
 * old one did. Other system calls order nothing, so that no race is hidden by them. */
#ifndef TESTS_MALLOC_TSAN_H
#define TESTS_MALLOC_TSAN_H

#include "base/syscall.h"
#include <sys/syscall.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

__attribute__((weak)) char torture_kernel; /* what both sides name */

static inline int torture_maps(long number)
{
    return number == SYS_mmap || number == SYS_munmap || number == SYS_mremap;
}

#undef sys_call
#define sys_call(number, ...)                                                                      \
    __extension__({                                                                                \
        if (torture_maps(number))                                                                  \
            __tsan_release(&torture_kernel);                                                       \
        long torture_answer =                                                                      \
            SYS_JOIN(sys_args, SYS_COUNT(number, __VA_ARGS__))(number, __VA_ARGS__);               \
        if (torture_maps(number))                                                                  \
            __tsan_acquire(&torture_kernel);                                                       \
        torture_answer;                                                                            \
    })

#endif
