/* What dlclose() has to know of addresses that the library keeps for others. */
#ifndef LIBC_UNLOAD_H
#define LIBC_UNLOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Is an address, of a function or of data, in an object that spans [start, end)? */
static inline bool address_within(const void *address, const void *start, const void *end)
{
    return (uintptr_t)address - (uintptr_t)start < (uintptr_t)end - (uintptr_t)start;
}

#endif
