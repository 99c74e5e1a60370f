/* Runs: blocks of one size, side by side in a stretch of the heap.
 *
 *     in the heap, 64 KiB:             | block | block | block | block | ...       | (rest) |
 *     struct run, elsewhere:  states   6       0       1       0         ...
 *                             stack    1 3 ...  numbers of free blocks; malloc() takes the last
 *
 * No size, number or address lies in a block or beside it: a write beyond a block's end or into
 * freed memory cannot lead the allocator anywhere. One load tells whether a block is free.
 *
 * Each run belongs to an arena, and each arena to one thread, its owner. Only the owner changes the
 * stack, without an atomic instruction. Every other thread exchanges the state of a block that it
 * frees for STATE_SENT, and puts the run on its arena's list of such runs (arena.c). */
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
};

#define RUN_NO_BLOCK UINT32_MAX

/* The state of a block: one of these, or 1 and the bytes behind the request (the slack) of one that
 * the program owns. */
enum {
    STATE_FREE = 0,    /* or never used */
    STATE_SENT = 0xfe, /* freed by another thread, and not yet seen by the owner */
    STATE_SENT_WIDE = 0xfffe,
};

struct arena;

/* Where its arena has a run. */
enum run_state {
    RUN_CURRENT, /* malloc() takes its blocks */
    RUN_QUEUED,  /* some blocks are free: in the queue of its class */
    RUN_FULL,    /* none was free when it was last looked at: in no list */
};

struct run {
    /* that stay as they are: other threads that free blocks read them */
    _Alignas(64) char *blocks; /* the first block */
    struct arena *fast;        /* the owner's, if free() may take its fast path; or NO_ARENA */
    struct arena *arena;       /* the owner's */
    uint16_t *stack;           /* behind states[] */
    uint32_t size;             /* of a block, bytes */
    uint32_t reciprocal;       /* 2^32 / size, rounded up: see run_index() */
    uint32_t count;            /* blocks */
    uint8_t class;
    uint8_t wide;   /* states[] has two bytes for each block: they are larger than RUN_NARROW */
    uint8_t filled; /* free blocks hold what harden.c has put there */

    /* of the owner */
    _Alignas(64) uint16_t *end;  /* of the stack: the last number is in front of it */
    uint16_t *notice;            /* free() calls the slow path when `end` comes up to this */
    struct run *next, *previous; /* in the queue of its class; next: among those that are unused */
    uint32_t fresh; /* blocks from this one on were never used, and are not on the stack */
    uint8_t state;

    /* of all threads */
    _Alignas(64) struct run *next_remote; /* in the arena's list of runs with sent blocks */
    int flagged;                          /* it is on that list */

    _Alignas(uint64_t) uint8_t states[]; /* for as many blocks as RUN_BYTES can hold */
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

/* The class of a request, the smallest whose blocks have room for it: entry n is that of
 * 16 n - 15 to 16 n bytes. */
extern HIDDEN const uint8_t __run_class[RUN_LARGEST / 16 + 1];
extern HIDDEN const uint16_t __run_size[RUN_CLASSES];

static inline unsigned run_class(size_t size)
{
    return __run_class[(size + 15) / 16];
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
 * none. The run is that of the address, so that 16 bits tell the distance. */
static inline uint32_t run_block(const struct run *run, const void *memory)
{
    uint16_t offset = (uint16_t)((const char *)memory - run->blocks);

    return (uint32_t)((uint64_t)offset * run->reciprocal >> 32);
}

/* The number of the block that begins at `memory`; RUN_NO_BLOCK: none does. offset / size and what
 * is left come from one multiplication (Lemire, Kaser, Kurz 2019: "Faster remainder by direct
 * computation", section 3): offset is a multiple of size if the fraction is below the reciprocal,
 * which holds here because q * (the reciprocal's error) < 2^16 < the reciprocal. */
static inline uint32_t run_index(const struct run *run, const void *memory)
{
    uint16_t offset = (uint16_t)((const char *)memory - run->blocks);
    uint64_t quotient = (uint64_t)offset * run->reciprocal;

    return LIKELY((uint32_t)quotient < run->reciprocal) ? (uint32_t)(quotient >> 32) : RUN_NO_BLOCK;
}

/* Blocks on the stack. */
static inline uint32_t run_free(const struct run *run)
{
    return (uint32_t)(run->end - run->stack);
}

/* Acquires what the thread wrote that has sent the block. */
static inline unsigned state_get(const struct run *run, uint32_t index)
{
    if (run->wide)
        return __atomic_load_n((const uint16_t *)(const void *)run->states + index,
                               __ATOMIC_ACQUIRE);
    return __atomic_load_n(run->states + index, __ATOMIC_ACQUIRE);
}

static inline void state_set(struct run *run, uint32_t index, unsigned state)
{
    if (run->wide)
        __atomic_store_n((uint16_t *)(void *)run->states + index, (uint16_t)state,
                         __ATOMIC_RELAXED);
    else
        __atomic_store_n(run->states + index, (uint8_t)state, __ATOMIC_RELAXED);
}

static inline unsigned state_sent(const struct run *run)
{
    return run->wide ? STATE_SENT_WIDE : STATE_SENT;
}

/* The most slack that a block can have. */
static inline unsigned slack_most(const struct run *run)
{
    return state_sent(run) - 2;
}

/* Does the program own a block with this state? */
static inline int state_owned(const struct run *run, unsigned state)
{
    return state - 1 <= slack_most(run);
}

#endif
