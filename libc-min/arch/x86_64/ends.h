/* A short block as its two ends, which overlap unless the block has twice their size. */
#ifndef LIBC_ENDS_H
#define LIBC_ENDS_H

#include "vector.h"

/* Both ends are read before one is written, because the blocks may overlap. */
#define MOVE_ENDS(type, to, from, size)                                                            \
    do {                                                                                           \
        typedef type __attribute__((aligned(1), may_alias)) end_t;                                 \
        type first = *(const end_t *)(from),                                                       \
             last = *(const end_t *)((from) + (size) - sizeof last);                               \
                                                                                                   \
        *(end_t *)(to) = first;                                                                    \
        *(end_t *)((to) + (size) - sizeof last) = last;                                            \
    } while (0)

#define SET_ENDS(type, to, value, size)                                                            \
    do {                                                                                           \
        typedef type __attribute__((aligned(1), may_alias)) end_t;                                 \
                                                                                                   \
        *(end_t *)(to) = (value);                                                                  \
        *(end_t *)((to) + (size) - sizeof(end_t)) = (value);                                       \
    } while (0)

/* At most 32 bytes. */
INLINE void move_short(char *to, const char *from, size_t size)
{
    if (size >= 16)
        MOVE_ENDS(v16_t, to, from, size);
    else if (size >= 8)
        MOVE_ENDS(uint64_t, to, from, size);
    else if (size >= 4)
        MOVE_ENDS(uint32_t, to, from, size);
    else if (size >= 2)
        MOVE_ENDS(uint16_t, to, from, size);
    else if (size != 0)
        *to = *from;
}

#endif
