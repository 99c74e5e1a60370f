/* Runs: blocks of one size, side by side in a stretch of the heap.
 *
 *     units of 16 KiB:   | block | block | block | block | ...       | (rest) |
 *     struct run, elsewhere:  ready   1 0 0 1 ...   a bit a block: free, for the owner
 *                             remote  0 1 0 0 ...   freed by another thread, not yet seen by the owner
 *
 * No state of a block lies in the block or beside it, so that a write beyond a block's end or into
 * freed memory damages no list; and one bit tells whether a block is free.
 *
 * Each run belongs to an arena, and each arena to one thread, its owner. Only the owner changes
 * `ready`, without an atomic instruction; every other thread sets bits of `remote`, and puts the run
 * on its arena's list of such runs (arena.c). */
#ifndef LIBC_MALLOC_RUN_H
#define LIBC_MALLOC_RUN_H

#include "alias.h"
#include "process.h"
#include <stddef.h>
#include <stdint.h>

#define RUN_UNIT_LOG 14
#define RUN_UNIT     ((size_t)1 << RUN_UNIT_LOG)

enum {
    RUN_BLOCKS_MOST = 1024,
    RUN_WORDS = RUN_BLOCKS_MOST / 64,
    RUN_LARGEST = 8192, /* the largest block, bytes */
    RUN_TAGGED = 1024,  /* the largest block with a tag, bytes */
    RUN_CLASSES = 56,
};

struct arena;

/* Where its arena has a run. */
enum run_state {
    RUN_CURRENT, /* malloc() takes its blocks */
    RUN_QUEUED,  /* some blocks are free: in the queue of its class */
    RUN_FULL,    /* none was free when it was last looked at: in no list */
};

struct run {
    /* of the owner */
    uint64_t *word;    /* in ready[]: all words before it are 0 */
    char *word_blocks; /* the block of bit 0 of *word */
    char *blocks;      /* the first block */
    uint32_t size;     /* of a block, bytes */
    uint32_t reciprocal; /* 2^32 / size, rounded up: the block of an address without a division */
    uint32_t count;      /* blocks */
    uint32_t used;       /* blocks whose `ready` bit is 0 */
    uint32_t notice;     /* free() calls the slow path when `used` comes down to this */
    uint8_t class, units, state;
    uint8_t tagged; /* block.h */
    char *virgin;   /* no block from here on has been used */
    struct arena *arena;        /* the owner's */
    struct run *next, *previous; /* in the queue of its class; next: among the unused */

    /* of all threads */
    int flagged;             /* some bit of `remote` is set, and the run is on the arena's list */
    struct run *next_remote; /* in that list */

    uint64_t ready[RUN_WORDS], remote[RUN_WORDS];
};

/* The runs by address, for the part of the heap that began first: entry (address - low) /
 * RUN_UNIT, NULL where no run is. Other parts of the heap: __heap_run(). */
struct run_map {
    uintptr_t low; /* a multiple of RUN_UNIT */
    size_t span;   /* bytes that `runs` has entries for */
    struct run **runs;
    uintptr_t end; /* of this part of the heap */
};
extern HIDDEN struct run_map __run_map;

/* The class of a request. Sizes are 16, 32, ... 128, then 8 for every power of two. A block of up to
 * RUN_TAGGED bytes has room for a byte more than the request. */
extern HIDDEN const uint8_t __run_class[RUN_LARGEST / 16 + 1];
extern HIDDEN const uint16_t __run_size[RUN_CLASSES];

static inline unsigned run_class(size_t size)
{
    return __run_class[size <= RUN_TAGGED ? size / 16 + 1 : (size + 15) / 16];
}

/* The run that a pointer lies in; NULL: none in this part of the heap. */
static inline struct run *run_of(const void *memory)
{
    size_t offset = (uintptr_t)memory - __run_map.low;

    if (UNLIKELY(offset >= __atomic_load_n(&__run_map.span, __ATOMIC_ACQUIRE)))
        return NULL;
    return __atomic_load_n(&__run_map.runs, __ATOMIC_RELAXED)[offset >> RUN_UNIT_LOG];
}

/* Is the address in the heap's first part, where run_of() knows of all runs and chunk heads may be
 * read? */
static inline int run_mapped(const void *memory)
{
    return (uintptr_t)memory - __run_map.low < __atomic_load_n(&__run_map.span, __ATOMIC_ACQUIRE) &&
           (uintptr_t)memory < __atomic_load_n(&__run_map.end, __ATOMIC_RELAXED);
}

/* The number of the block that begins at `memory`; RUN_BLOCKS_MOST: none does. */
static inline uint32_t run_index(const struct run *run, const void *memory)
{
    uint32_t offset = (uint32_t)((const char *)memory - run->blocks);
    uint32_t index = (uint32_t)((uint64_t)offset * run->reciprocal >> 32);

    return LIKELY(index < run->count && index * run->size == offset) ? index : RUN_BLOCKS_MOST;
}

#endif
