/* The stronger modes, by mallopt(M_HARDEN) or the environment's MALLOC_HARDEN_: they find more
 * misuse than what is always on, and cost more. None is on by default, and then none of this is
 * called. */
#ifndef LIBC_MALLOC_HARDEN_H
#define LIBC_MALLOC_HARDEN_H

#include "arena.h"
#include "chunk.h"

/* As in headers/malloc.h. */
enum {
    HARDEN_POISON = 1,
    HARDEN_ZERO = 2,
    HARDEN_QUARANTINE = 4,
    HARDEN_RANDOM = 8,
    HARDEN_GUARD = 16,
    HARDEN_ALL = 31,
};
extern HIDDEN unsigned __malloc_harden;

/* Before memory of `size` bytes is handed out: fills it, so that a program that reads what it has
 * not written sees it. `fresh`: it must stay zero. */
HIDDEN void __harden_new(void *memory, size_t size, int fresh);

/* run->filled for a new run: 0: its free blocks are not filled; else, by the mode, with what. */
HIDDEN uint8_t __harden_filled(void);

/* Fills a free block. */
HIDDEN void __harden_block_fill(const struct run *run, char *memory);

/* The modes have changed: free() has more to do for blocks of the runs that there are. */
HIDDEN void __harden_changed(void);

/* After a block is taken from the list of the free: ends the process if what __harden_block_free()
 * filled it with has changed. */
HIDDEN void __harden_block_check(const struct run *run, const char *memory);

/* Before the second half of free(): fills the block, and may exchange *freed for one
 * that was freed long ago. 0: there is nothing to be done now. */
HIDDEN int __harden_block_free(struct pending *freed);

/* The number of blocks among which a random one is drawn, 0 to `count` - 1. */
HIDDEN uint32_t __harden_draw(uint32_t count);

/* A chunk whose memory ends, or ends but for alignment, where a page begins that nobody may access;
 * NULL: the kernel gives no more. */
HIDDEN struct chunk *__harden_guarded_alloc(size_t size, size_t align);

/* Makes it inaccessible, and unmaps it later. */
HIDDEN void __harden_guarded_free(struct chunk *chunk);

/* Is the address in memory that __harden_guarded_free() has made inaccessible? */
HIDDEN int __harden_guarded_freed(const void *memory);

/* fork(): as __arena_fork(). */
HIDDEN void __harden_fork(int when);

#endif
