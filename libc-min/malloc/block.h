/* What lies in a block of a run beside the program's bytes.
 *
 *     while the program has it:   | the request's bytes | guard | ...        |      up to run->size
 *     while it is free:           | link      | ...                          |
 *
 * A block is larger than the request by at least a byte, its slack, which run->slack[] tells. The
 * byte behind the request is the guard: free() compares it, so that a write just past the end is
 * found. It is never 0 or an ASCII character, because those are what most such writes store.
 *
 * The link is the number of the next free block, twice, masked by the block's address and a secret.
 * Whatever the program writes there, one byte or all, is such a pair below run->count but by a
 * chance of one in 2^40: malloc() sees that the freed memory was written to, and follows nothing.
 */
#ifndef LIBC_MALLOC_BLOCK_H
#define LIBC_MALLOC_BLOCK_H

#include "run.h"

extern HIDDEN uintptr_t __malloc_mask; /* of this process, random */

static inline uintptr_t block_mask(const void *memory)
{
    return (uintptr_t)memory ^ __malloc_mask;
}

static inline unsigned char block_guard(const void *memory)
{
    return (unsigned char)(block_mask(memory) >> 4) | 0x80;
}

/* Misuse: the process ends with one line. */
HIDDEN _Noreturn __attribute__((cold)) void __block_die_written(const void *memory);
HIDDEN _Noreturn __attribute__((cold)) void __block_die_end(const void *memory);
HIDDEN _Noreturn __attribute__((cold)) void __block_die_twice(const void *memory);

/* Notes the request's size, and sets the guard behind it. */
static inline void *block_hand_out(struct run *run, uint32_t index, char *memory, size_t size)
{
    slack_set(run, index, (unsigned)(run->size - size));
    memory[size] = (char)block_guard(memory);
    return memory;
}

/* Takes the first free block; there is one. */
static inline char *block_take(struct run *run, uint32_t index)
{
    char *memory = run->blocks + (size_t)index * run->size;
    uintptr_t link = *(uintptr_t *)memory ^ block_mask(memory), next = link >> 32;

    if (UNLIKELY((uint32_t)link != next) || UNLIKELY(next > run->count))
        __block_die_written(memory);
    run->first = (uint16_t)next;
    run->used++;
    return memory;
}

/* Puts a block on the list of the free. */
static inline void block_link(struct run *run, uint32_t index, char *memory)
{
    *(uintptr_t *)memory = ((uintptr_t)run->first << 32 | run->first) ^ block_mask(memory);
    run->first = (uint16_t)index;
}

/* The same for one that the owner has freed. Nonzero: __arena_notice() is due. */
static inline int block_give(struct run *run, uint32_t index, char *memory)
{
    block_link(run, index, memory);
    return --run->used == run->notice;
}

#endif
