/* Arenas: each thread that allocates has one, and takes small blocks from its runs without a lock.
 */
#ifndef LIBC_MALLOC_ARENA_H
#define LIBC_MALLOC_ARENA_H

#include "chunk.h"
#include "lock.h"
#include "run.h"
#ifndef MALLOC_PRELOAD
#include "thread.h"
#endif

/* Freed chunks above the runs' sizes that the thread keeps for itself, by size: 8 classes for every
 * power of two. To the heap they are used. */
enum {
    KEPT_SMALLEST_LOG = 13,
    KEPT_SMALLEST = 1 << KEPT_SMALLEST_LOG,
    KEPT_LARGEST = 128 << 10,
    KEPT_CLASSES = 33,
    KEPT_COUNT = 8,       /* in a class */
    KEPT_BYTES = 1 << 20, /* in all */
    CHUNK_KEPT_SMALLEST = KEPT_SMALLEST + 16,
    CHUNK_KEPT_LARGEST = KEPT_LARGEST + 16,
};

/* Blocks whose free() is not finished. */
enum { PENDING = 16 };
struct pending {
    struct run *run; /* NULL: nothing */
    char *memory;
    uint32_t index, size; /* of the block; of the request, bytes */
};

struct arena {
    int defers;                       /* free() puts its second half off */
    unsigned turn;                    /* in pending[] */
    size_t touched;                   /* bytes of its runs' blocks that were used at some time */
    struct run *current[RUN_CLASSES]; /* never NULL: an empty run stands for none */
    struct run *remote; /* runs with sent blocks; any thread pushes, the owner takes all */
    lock_t lock;        /* the slow paths; fork() holds it */
    int orphan;         /* its thread has ended: the next new thread takes it over */
    struct {
        struct run *first, *last;
    } queues[RUN_CLASSES];
    struct {
        struct chunk *first;
        unsigned count;
    } kept[KEPT_CLASSES];
    size_t kept_bytes;
    struct pending pending[PENDING];
    struct arena *next; /* of all arenas, which stay for the life of the process */
};

/* The calling thread's arena; NULL until it allocates. */
#ifdef MALLOC_PRELOAD
HIDDEN void __malloc_thread_end(void);
HIDDEN void __malloc_fork(int when);
extern HIDDEN __thread struct arena *__arena __attribute__((tls_model("initial-exec")));
#define arena_self() (__arena)
HIDDEN void __arena_started(struct arena *arena);
#else
#define arena_self() (thread_self()->arena)
#endif

/* A block of the class for `size` bytes, whether the current run has one or not; NULL: no memory.
 * Makes the thread's arena if it has none yet. */
HIDDEN void *__arena_alloc(unsigned class, size_t size);

/* A chunk for `*size` bytes, KEPT_SMALLEST or more and less than KEPT_LARGEST; NULL: none is kept.
 * Raises *size to what a new chunk should be made for, so that it fits more than this request
 * later. */
HIDDEN struct chunk *__arena_kept_take(size_t *size);

/* Keeps a used chunk, of CHUNK_KEPT_SMALLEST to CHUNK_KEPT_LARGEST bytes. 0: not kept. */
HIDDEN int __arena_keep(struct chunk *chunk);

/* Does some thread keep this chunk, which to the heap is used? */
HIDDEN int __arena_is_kept(struct chunk *chunk);

/* Gives to the heap what the arena keeps: chunks, and runs without a used block. Nonzero if there
 * was something. */
HIDDEN int __arena_flush(struct arena *arena);

/* The same for the arenas of threads that have ended, after what other threads have freed there
 * since. */
HIDDEN int __arena_flush_orphans(void);

/* The second half of free(): compares the guard, if there is one, and puts the block on the stack,
 * or sends it to the owner. */
HIDDEN void __arena_release(const struct pending *freed);

/* Puts the second half of a free() off, because the guard must be expected not to be in the cache,
 * and to wait for it would be most of what free() takes; it is asked for now. *freed becomes what
 * was put off some calls ago. 0: nothing was. */
static inline int pending_swap(struct arena *arena, struct pending *freed)
{
    struct pending *place = &arena->pending[arena->turn++ % PENDING], before = *place;

    __builtin_prefetch(freed->memory, 1);
    __builtin_prefetch(freed->memory + freed->size);
    *place = *freed;
    *freed = before;
    return before.run != NULL;
}

/* Finishes all that was put off. */
HIDDEN void __arena_settle(struct arena *arena);

/* The owner has freed a block, and run->used is run->notice. */
HIDDEN void __arena_notice(struct run *run);

/* fork(): 0 takes the locks, 1 (parent) and 2 (child) release them; in the child, the arenas of the
 * threads that do not exist there are orphans. */
HIDDEN void __arena_fork(int when);

#endif
