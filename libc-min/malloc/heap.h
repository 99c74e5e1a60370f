/* The heap: where small memory comes from. All functions are called with the allocator's lock held.
 */
#ifndef LIBC_MALLOC_HEAP_H
#define LIBC_MALLOC_HEAP_H

#include "chunk.h"

/* mallopt()'s; bytes. */
extern HIDDEN size_t __heap_top_pad, __heap_trim_threshold;

/* A chunk of `size` bytes (chunk_size_for()), marked used; NULL if the kernel has no more memory.
 */
HIDDEN struct chunk *__heap_alloc(size_t size);

/* Gives a used chunk back, together with free neighbours; the end of the heap goes back to the
 * kernel when there is much of it. */
HIDDEN void __heap_free(struct chunk *chunk);

/* Makes a used chunk `size` bytes long where it is. 0 if what follows it is not free, or is too
 * short. */
HIDDEN int __heap_resize(struct chunk *chunk, size_t size);

/* Nonzero if the address is in the heap: chunk heads may be read there. */
HIDDEN int __heap_has(const void *address);

/* Gives back what is beyond `pad` bytes at the break. Nonzero if there was something. */
HIDDEN int __heap_trim(size_t pad);

#endif
