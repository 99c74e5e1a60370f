/* What the heap is made of: chunks with boundary tags (Knuth, The Art of Computer Programming 2.5).
 *
 *     | head      | memory the program has ......... | head      | ...
 *     ^ chunk     ^ 16-byte aligned, as all memory   ^ the next chunk
 *
 * `head` holds size, flags and a check; `prev_size` is the last word of the chunk in front, and
 * valid only while that one is free: so a chunk costs 8 bytes.  While it is free its memory holds
 * the links of the bin it is in, and its last word its size.
 *
 * A mapping of its own looks the same, with MAPPED set: `prev_size` is then the distance from the
 * mapping's start to the chunk, and the size that of the mapping. */
#ifndef LIBC_MALLOC_CHUNK_H
#define LIBC_MALLOC_CHUNK_H

#include "alias.h"
#include "process.h"
#include <stddef.h>
#include <stdint.h>

struct chunk {
    size_t prev_size; /* size of the chunk in front, if that is free; bytes */
    size_t head;      /* CHUNK_* flags, size, check */

    /* while it is free */
    struct chunk *next, *previous; /* in its bin */
};

#define CHUNK_USED        1UL                  /* the program has it */
#define CHUNK_PREV_IN_USE 2UL                  /* the one in front is not free */
#define CHUNK_MAPPED      4UL                  /* alone in a mapping */
#define CHUNK_SIZE        0x0000fffffffffff0UL /* bytes, multiple of 16 */
#define CHUNK_CHECK       0xffff000000000000UL /* chunk_check() */
#define CHUNK_HEADER      offsetof(struct chunk, next)
#define CHUNK_SMALLEST    sizeof(struct chunk)

extern HIDDEN uintptr_t __malloc_secret; /* of this process; 0 until the first call */

/* What a head has in its high bits if it is one: a hash of where it is and of what is in it, except
 * CHUNK_PREV_IN_USE, which others change. A pointer that malloc() has not given, or a head that was
 * written over, has it by chance once in 65536. */
static inline size_t chunk_check(const struct chunk *chunk, size_t head)
{
    size_t covered = head & (CHUNK_SIZE | CHUNK_USED | CHUNK_MAPPED);

    uintptr_t mixed = ((uintptr_t)chunk ^ __malloc_secret ^ covered << 20) * 0x9E3779B97F4A7C15UL;

    mixed = (mixed ^ mixed >> 29) * (__malloc_secret | 1);
    return mixed & CHUNK_CHECK;
}

static inline int chunk_whole(const struct chunk *chunk)
{
    return LIKELY((chunk->head & CHUNK_CHECK) == chunk_check(chunk, chunk->head));
}

/* Ends the process if the head is none: what is in front of it was written beyond its end. */
static inline void chunk_verify(const struct chunk *chunk)
{
    if (!chunk_whole(chunk))
        __process_die("heap damaged: memory was written beyond its end, in front of", chunk);
}

static inline size_t chunk_size(const struct chunk *chunk)
{
    return chunk->head & CHUNK_SIZE;
}

static inline void chunk_set(struct chunk *chunk, size_t size, size_t flags)
{
    chunk->head = chunk_check(chunk, size | flags) | size | flags;
}

static inline struct chunk *chunk_at(void *start, size_t offset)
{
    return (struct chunk *)((char *)start + offset);
}

static inline struct chunk *chunk_after(struct chunk *chunk)
{
    return chunk_at(chunk, chunk_size(chunk));
}

static inline void *chunk_memory(struct chunk *chunk)
{
    return (char *)chunk + CHUNK_HEADER;
}

static inline struct chunk *chunk_of(void *memory)
{
    return (struct chunk *)((char *)memory - CHUNK_HEADER);
}

/* Bytes that the program may use: up to the next chunk's head. */
static inline size_t chunk_usable(const struct chunk *chunk)
{
    if (chunk->head & CHUNK_MAPPED)
        return chunk_size(chunk) - chunk->prev_size - CHUNK_HEADER;
    return chunk_size(chunk) - sizeof chunk->head;
}

/* The size of the chunk for a request, which must be below CHUNK_SIZE by some pages. */
static inline size_t chunk_size_for(size_t request)
{
    size_t size = (request + sizeof(size_t) + 15) & ~(size_t)15;

    return size < CHUNK_SMALLEST ? CHUNK_SMALLEST : size;
}

#endif
