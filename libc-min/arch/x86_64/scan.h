/* Search for a byte, or for the end of a string. */
#ifndef LIBC_ARCH_SCAN_H
#define LIBC_ARCH_SCAN_H

#include "cpu.h"
#include "vector.h"

enum scan {
    SCAN_BYTE,        /* one byte */
    SCAN_END,         /* the terminator of a string */
    SCAN_BYTE_OR_END, /* whichever comes first */
};

/* The end of memory of that size; a size may exceed the address space. */
INLINE const char *scan_limit(const void *memory, size_t size)
{
    uintptr_t end;

    if (__builtin_add_overflow((uintptr_t)memory, size, &end))
        end = UINTPTR_MAX;
    return (const char *)end;
}

#define VECTOR v16
#define TARGET
#include "scan_vector.h"
#undef VECTOR
#undef TARGET

#endif
