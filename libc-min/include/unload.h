/* For dlclose(): does an address that the library keeps belong to the object? */
#ifndef LIBC_UNLOAD_H
#define LIBC_UNLOAD_H

#include <stdbool.h>
#include <stdint.h>

/* Nonzero if an address, of a function or of data, lies in an object that spans [start, end). */
static inline bool address_within(const void *address, const void *start, const void *end)
{
    return (uintptr_t)address - (uintptr_t)start < (uintptr_t)end - (uintptr_t)start;
}

#endif
