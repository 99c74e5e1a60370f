/* Shared by strcmp.c and strncmp.c. */
#ifndef LIBC_STRCMP_H
#define LIBC_STRCMP_H

#include "cpu.h"
#include "vector.h"

/* Bytes to the end of the nearer of the two pages. */
INLINE size_t page_room(const char *a, const char *b)
{
    size_t in_a = (uintptr_t)a % PAGE, in_b = (uintptr_t)b % PAGE;

    return PAGE - (in_a > in_b ? in_a : in_b);
}

/* Nonzero if so many bytes of both strings are in the pages where they begin. */
INLINE int both_reach(const char *a, const char *b, size_t bytes)
{
    return ((uintptr_t)a | (uintptr_t)b) % PAGE <= PAGE - bytes;
}

INLINE int result_at(const char *a, const char *b, size_t at, size_t most)
{
    return at < most ? (unsigned char)a[at] - (unsigned char)b[at] : 0;
}

#define VECTOR v16
#define TARGET
#include "strcmp_vector.h"
#undef VECTOR
#undef TARGET

#endif
