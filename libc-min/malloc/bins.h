/* Free chunks by size: two-level segregated fit (Masmano, Ripoll, Crespo, Real: "TLSF: a new
 * dynamic memory allocator for real-time systems", 2004).  Up to 1 KiB there is a bin for every
 * size, above it 32 for every power of two; a bitmap tells which hold something, so that finding,
 * adding and taking out are a few instructions each, however much is free. */
#ifndef LIBC_MALLOC_BINS_H
#define LIBC_MALLOC_BINS_H

#include "chunk.h"

/* All under the allocator's lock. */
HIDDEN void __bins_add(struct chunk *chunk);
HIDDEN void __bins_remove(struct chunk *chunk); /* ends the process if its links are not whole */

/* A chunk of at least `size` bytes, taken out; NULL if there is none. */
HIDDEN struct chunk *__bins_alloc(size_t size);

/* The same, whose memory begins at a multiple of `align` as it is. It looks at a few chunks. */
HIDDEN struct chunk *__bins_alloc_aligned(size_t size, size_t align);

#endif
