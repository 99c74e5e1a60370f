/* Names that the string functions share with the rest of the library; string_arch.h has more. */
#ifndef LIBC_STRING_INTERNAL_H
#define LIBC_STRING_INTERNAL_H

#include "alias.h"
#include "string_arch.h"
#include <limits.h>
#include <stddef.h>

HIDDEN char *__stpncpy(char *restrict to, const char *restrict from, size_t size);
HIDDEN char *__strtok_r(char *restrict string, const char *restrict separators,
                        char **restrict rest);

/* Finds a needle of at least two bytes in memory of `size` bytes, or, if `open`, in a string with
 * at least `size` bytes before its terminator. NULL if the needle does not occur. */
HIDDEN void *__search(const void *memory, size_t size, int open, const void *needle,
                      size_t needle_size);

/* A set of bytes, one bit each. */
struct byte_set {
    unsigned long words[(UCHAR_MAX + 1) / 64];
};

static inline void byte_set_add(struct byte_set *set, unsigned char byte)
{
    set->words[byte / 64] |= 1UL << byte % 64;
}

static inline int byte_set_has(const struct byte_set *set, unsigned char byte)
{
    return (int)(set->words[byte / 64] >> byte % 64 & 1);
}

#endif
