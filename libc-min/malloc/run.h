/* Runs: blocks of one size, side by side in a stretch of the heap.
 *
 *     in the heap, 64 KiB:             | block | block | block | block | ...       | (rest) |
 *     struct run, elsewhere:  slack    0 5 9 0 255 ...   bytes behind the request; 0: free; 255:
 * never used first    the number of the first free block; each has the next one's (block.h) remote
 * 0 1 0 0 ...       a bit for each block: freed by another thread, and not yet seen by the owner
 *
 * No size lies in a block or beside it, and no address: a write beyond a block's end or into freed
 * memory cannot lead the allocator anywhere. One load tells whether a block is free.
 *
 * Each run belongs to an arena, and each arena to one thread, its owner. Only the owner changes the
 * list of free blocks, without an atomic instruction. Every other thread sets bits of `remote`, and
 * puts the run on its arena's list of such runs (arena.c). */
#ifndef LIBC_MALLOC_RUN_H
#define LIBC_MALLOC_RUN_H

#include "alias.h"
#include "process.h"
#include <stddef.h>
#include <stdint.h>

#define RUN_BYTES_LOG 16
#define RUN_BYTES     ((size_t)1 << RUN_BYTES_LOG) /* of the heap, at a multiple of it */

enum {
    RUN_SMALLEST = 16,
    RUN_LARGEST = 8176, /* the largest block, bytes */
    RUN_NARROW = 2720,  /* the largest block whose slack is a byte, bytes */
    RUN_CLASSES = 56,
    RUN_BLOCKS_MOST = RUN_BYTES / RUN_SMALLEST,
};

/* Values of `slack` that no block has which the program owns. */
enum { SLACK_FREE = 0, SLACK_FRESH = 0xff, SLACK_FRESH_WIDE = 0xffff };

struct arena;

/* Where its arena has a run. */
enum run_state {
    RUN_CURRENT, /* malloc() takes its blocks */
    RUN_QUEUED,  /* some blocks are free: in the queue of its class */
    RUN_FULL,    /* none was free when it was last looked at: in no list */
};

struct run {
    /* of the owner: in one cache line */
    _Alignas(64) char *blocks; /* the first block */
    struct arena *arena;       /* the owner's */
    struct arena *fast;        /* the same, if free() may take its fast path; or NO_ARENA */
    uint32_t size;             /* of a block, bytes */
    uint32_t reciprocal; /* 2^32 / size, rounded up: the block of an address without a division */
    uint32_t count;      /* blocks */
    uint32_t used;       /* blocks that are not on the list of free ones, nor fresh */
    uint32_t notice;     /* free() calls the slow path when `used` comes down to this */
    uint16_t first;      /* free block; count: none */
    uint16_t fresh;      /* blocks from this one on were never used, and are on no list */
    uint8_t class, state;
    uint8_t wide; /* slack[] has two bytes for each block: the blocks are larger than RUN_NARROW */

    struct run *next, *previous; /* in the queue of its class; next: among those that are unused */

    /* of all threads */
    int flagged;             /* some bit of `remote` is set, and the run is on the arena's list */
    struct run *next_remote; /* in that list */
    uint64_t *remote;        /* behind slack[] */

    _Alignas(uint64_t) uint8_t slack[];
};

#define NO_ARENA ((struct arena *)1)

/* The runs by address, for the part of the heap that began first: entry (address - low) /
 * RUN_BYTES, NULL where no run is. Other parts of the heap: __heap_run(). */
struct run_map {
    uintptr_t low; /* a multiple of RUN_BYTES */
    size_t span;   /* bytes that `runs` has entries for */
    struct run **runs;
    uintptr_t end; /* of this part of the heap */
};
extern HIDDEN struct run_map __run_map;

/* The class of a request, the smallest whose blocks have room for it and a byte more: entry n is
 * that of 16 n to 16 n + 15 bytes. */
extern HIDDEN const uint8_t __run_class[RUN_LARGEST / 16];
extern HIDDEN const uint16_t __run_size[RUN_CLASSES];

static inline unsigned run_class(size_t size)
{
    return __run_class[size / 16];
}

/* The run that a pointer lies in; NULL: none in this part of the heap. */
static inline struct run *run_of(const void *memory)
{
    size_t offset = (uintptr_t)memory - __atomic_load_n(&__run_map.low, __ATOMIC_RELAXED);

    if (UNLIKELY(offset >= __atomic_load_n(&__run_map.span, __ATOMIC_ACQUIRE)))
        return NULL;
    return __atomic_load_n(&__atomic_load_n(&__run_map.runs,
                                            __ATOMIC_RELAXED)[offset >> RUN_BYTES_LOG],
                           __ATOMIC_RELAXED);
}

/* Is the address in the heap's first part, where run_of() knows of all runs and chunk heads may be
 * read? */
static inline int run_mapped(const void *memory)
{
    return (uintptr_t)memory >= __atomic_load_n(&__run_map.low, __ATOMIC_RELAXED) &&
           (uintptr_t)memory < __atomic_load_n(&__run_map.end, __ATOMIC_RELAXED);
}

/* The number of the block that `memory` lies in, whether it is its start or not; count or more: in
 * none. */
static inline uint32_t run_block(const struct run *run, const void *memory)
{
    uint32_t offset = (uint32_t)((const char *)memory - run->blocks);

    return (uint32_t)((uint64_t)offset * run->reciprocal >> 32);
}

/* The number of the block that begins at `memory`; RUN_BLOCKS_MOST: none does. */
static inline uint32_t run_index(const struct run *run, const void *memory)
{
    uint32_t offset = (uint32_t)((const char *)memory - run->blocks);
    uint32_t index = run_block(run, memory);

    return LIKELY(index < run->count && index * run->size == offset) ? index : RUN_BLOCKS_MOST;
}

static inline unsigned slack_get(const struct run *run, uint32_t index)
{
    if (run->wide)
        return ((const uint16_t *)(const void *)run->slack)[index];
    return run->slack[index];
}

static inline void slack_set(struct run *run, uint32_t index, unsigned slack)
{
    if (run->wide)
        ((uint16_t *)(void *)run->slack)[index] = (uint16_t)slack;
    else
        run->slack[index] = (uint8_t)slack;
}

/* The most slack that a block can have. */
static inline unsigned slack_most(const struct run *run)
{
    return run->wide ? SLACK_FRESH_WIDE - 1 : SLACK_FRESH - 1;
}

/* Does the program own a block with this slack? */
static inline int slack_owned(const struct run *run, unsigned slack)
{
    return slack - 1 < slack_most(run);
}

#endif
