/* The heap: the chunks and runs below the mapping threshold. The functions of chunks are called
 * with the heap's lock held; those of runs take it. */
#ifndef LIBC_MALLOC_HEAP_H
#define LIBC_MALLOC_HEAP_H

#include "chunk.h"
#include "lock.h"
#include "run.h"

extern HIDDEN lock_t __heap_lock_word;
HIDDEN void __malloc_secret_make(void);

static inline void heap_lock(void)
{
    lock_take(&__heap_lock_word);
    if (UNLIKELY(!__malloc_secret))
        __malloc_secret_make();
}

static inline void heap_unlock(void)
{
    lock_release(&__heap_lock_word);
}

/* mallopt()'s; bytes. */
extern HIDDEN size_t __heap_top_pad, __heap_trim_threshold;

/* A chunk of `size` bytes (chunk_size_for()), marked used; NULL if the kernel has no more memory.
 */
HIDDEN struct chunk *__heap_alloc(size_t size);

/* The same at a multiple of `align`, a power of two. */
HIDDEN struct chunk *__heap_alloc_aligned(size_t size, size_t align);

/* Gives a used chunk back, together with free neighbours; the end of the heap goes back to the
 * kernel when there is much of it. */
HIDDEN void __heap_free(struct chunk *chunk);

/* Makes a used chunk `size` bytes long where it is. 0 if what follows it is not free, or is too
 * short. */
HIDDEN int __heap_resize(struct chunk *chunk, size_t size);

/* Nonzero if the address is in the heap: chunk heads may be read there. */
HIDDEN int __heap_has(const void *address);

/* Gives the pages of free chunks inside the heap back, by madvise(2). Nonzero if there were any. */
HIDDEN int __heap_pages_free(void);

/* Gives back what is beyond `pad` bytes at the break. Nonzero if there was something. */
HIDDEN int __heap_trim(size_t pad);

/* Returns what is kept of released runs to the heap. Nonzero if there was something. */
HIDDEN int __heap_flush(void);

/* A run of the class, all of whose blocks are ready, without an arena; NULL: no memory. */
HIDDEN struct run *__heap_run_alloc(unsigned class);

/* All blocks of the run are free: its memory goes to whoever wants it next. */
HIDDEN void __heap_run_free(struct run *run);

/* The run that an address lies in, wherever in the heap; NULL: none. */
HIDDEN struct run *__heap_run(const void *address);

/* Calls visit() with each run, of all arenas. With the lock held. */
HIDDEN void __heap_each_run(void (*visit)(struct run *run, void *context), void *context);

/* `size` zeroed bytes that stay for the life of the process; NULL: no memory. */
HIDDEN void *__heap_raw_alloc(size_t size);

#endif
