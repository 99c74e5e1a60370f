/* Mappings: memory from the mmap threshold up, each request alone in one. A few that were freed are
 * kept for a while, because a mapping that is made, touched and unmapped costs tens of
 * microseconds. */
#ifndef LIBC_MALLOC_MAPPING_H
#define LIBC_MALLOC_MAPPING_H

#include "chunk.h"

/* A chunk with CHUNK_MAPPED for `size` bytes at a multiple of `align`, a power of two of at least
 * 16; NULL: the kernel has no memory. *fresh: all bytes are 0, as the kernel gave them. */
HIDDEN struct chunk *__mapping_alloc(size_t size, size_t align, int *fresh);

/* Is this the chunk of a mapping that the program has? 0: perhaps. Takes no lock. */
HIDDEN int __mapping_is_live(const struct chunk *chunk);

/* Frees it, now or later. */
HIDDEN void __mapping_free(struct chunk *chunk);

/* Makes it longer or shorter where it is, or has the kernel move its pages. NULL: it cannot, and
 * the mapping is as it was. */
HIDDEN struct chunk *__mapping_resize(struct chunk *chunk, size_t size);

/* Unmaps those that were kept long enough. Takes no lock if there are none. */
HIDDEN void __mapping_expire(void);

/* Unmaps all that are kept. Nonzero if there were any. */
HIDDEN int __mapping_trim(void);

/* fork(): as __arena_fork(). */
HIDDEN void __mapping_fork(int when);

#endif
