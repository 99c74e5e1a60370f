/* Arenas: each thread that allocates has one, and takes small blocks from its runs without a lock. */
#ifndef LIBC_MALLOC_ARENA_H
#define LIBC_MALLOC_ARENA_H

#include "lock.h"
#include "run.h"
#ifndef MALLOC_PRELOAD
#include "thread.h"
#endif

/* Freed chunks above the runs' sizes that the thread has kept for itself, by size: 8 classes for every
 * power of two. To the heap they are used. `key` tells a chunk that is kept from one that is not; it is
 * overwritten when the chunk is handed out again. */
enum { KEPT_CLASSES = 32, KEPT_COUNT = 8, KEPT_BYTES = 1 << 20, KEPT_LARGEST = 128 << 10 };
struct kept {
    struct kept *next;
    uintptr_t key;
};

struct arena {
    struct run *current[RUN_CLASSES]; /* never NULL: an empty run stands for none */
    struct run *remote;               /* runs with `remote` bits; any thread pushes, the owner takes all */
    lock_t lock;                      /* the slow paths; fork() holds it */
    int orphan;                       /* its thread has ended: the next new thread takes it over */
    struct {
        struct run *first, *last;
    } queues[RUN_CLASSES];
    struct {
        struct kept *first;
        unsigned count;
    } kept[KEPT_CLASSES];
    size_t kept_bytes;
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

/* A block for `size` bytes, at most RUN_LARGEST, where the current run may have none; NULL: no memory.
 * Makes the thread's arena if it has none yet. */
HIDDEN void *__arena_alloc(size_t size);

/* Memory for `size` bytes, more than a run's largest block and at most KEPT_LARGEST; NULL: none is kept.
 * Raises *size to what a chunk should be made for, so that it fits more than this request later. */
HIDDEN void *__arena_kept_take(size_t *size);

/* Keeps a chunk of `size` usable bytes. 0: not kept. Ends the process if it is kept already. */
HIDDEN int __arena_keep(void *memory, size_t size);

/* Gives all that the thread keeps to the heap. */
HIDDEN void __arena_kept_flush(struct arena *arena);

/* The owner has freed a block, and run->used is run->notice. */
HIDDEN void __arena_notice(struct run *run);

/* Another thread than the owner frees block `index`. Nonzero: it was free already. */
HIDDEN int __arena_free_remote(struct run *run, uint32_t index);

/* The calling thread ends. */

/* fork(): 0 takes the locks, 1 (parent) and 2 (child) release them; in the child, the arenas of the
 * threads that do not exist there are orphans. */
HIDDEN void __arena_fork(int when);

#endif
