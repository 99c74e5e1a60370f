/* What lies in a block beside the program's bytes: nothing while it is used, but for the last bytes of a
 * small one.
 *
 *     | the program's `size` bytes | guard byte | ...        | slack |      up to run->size
 *
 * A small block (run->tagged) always has room for one byte more than was asked for. Its last byte tells
 * how many there are (and with it `size`), the byte behind the program's guards the end; both are masked
 * by a byte that depends on the address. free() compares them.
 *
 * While a block is free, its first word is its address, masked: malloc() compares it. Blocks that no one
 * has had yet are behind run->virgin, and have no such word. */
#ifndef LIBC_MALLOC_BLOCK_H
#define LIBC_MALLOC_BLOCK_H

#include "run.h"

extern HIDDEN uintptr_t __malloc_mask; /* of this process, random */

static inline uintptr_t block_free_word(const void *memory)
{
    return (uintptr_t)memory ^ __malloc_mask;
}

static inline unsigned char block_mask(const void *memory)
{
    return (unsigned char)(((uintptr_t)memory >> 4) ^ __malloc_mask >> 56) | 1;
}

static inline void block_tag(const struct run *run, void *memory, size_t size)
{
    unsigned char *bytes = memory, mask = block_mask(memory);

    bytes[size] = (unsigned char)~mask | 1;
    bytes[run->size - 1] = mask ^ (unsigned char)(run->size - size);
}

/* The size that was asked for; SIZE_MAX: the tag was overwritten. */
static inline size_t block_size(const struct run *run, const void *memory)
{
    const unsigned char *bytes = memory;
    unsigned char mask = block_mask(memory);
    size_t slack = bytes[run->size - 1] ^ mask, size = run->size - slack;

    if (UNLIKELY(slack == 0 || slack > run->size) ||
        (LIKELY(slack > 1) && UNLIKELY(bytes[size] != ((unsigned char)~mask | 1))))
        return SIZE_MAX;
    return size;
}

HIDDEN _Noreturn void __block_die_written(const void *memory);

/* The last step of malloc(). */
static inline void *block_hand_out(struct run *run, char *memory, size_t size)
{
    if (memory >= run->virgin)
        run->virgin = memory + run->size;
    else if (UNLIKELY(*(uintptr_t *)memory != block_free_word(memory)))
        __block_die_written(memory);
    if (run->tagged)
        block_tag(run, memory, size);
    return memory;
}

#endif
