/* Shared by qsort.c and sort_in_place.c. */
#ifndef LIBC_SORT_H
#define LIBC_SORT_H

#include "alias.h"
#include <stddef.h>

#define INLINE static inline __attribute__((always_inline))

typedef int (*compare_t)(const void *, const void *, void *);

/* The comparison and the width of elements, bytes. */
struct order {
    compare_t compare;
    void *argument;
    size_t width;
};

/* Sorts without memory, in O(n log n) comparisons; equal elements may change places. */
HIDDEN void __sort_in_place(char *base, size_t count, const struct order *order);

#endif
