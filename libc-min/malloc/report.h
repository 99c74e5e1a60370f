/* --trace=malloc: what the allocator takes from the kernel and gives back. Called from slow paths
 * only. */
#ifndef LIBC_MALLOC_REPORT_H
#define LIBC_MALLOC_REPORT_H

#include "base/linker.h"

static inline void report(enum linker_allocation what, const void *address, size_t bytes)
{
#ifdef MALLOC_PRELOAD
    (void)what, (void)address, (void)bytes;
#else
    if (__linker && __linker->allocation)
        __linker->allocation(what, address, bytes);
#endif
}

#endif
