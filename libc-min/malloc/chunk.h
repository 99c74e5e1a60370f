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
#define CHUNK_GUARDED     8UL                  /* the same, with a page behind it: harden.h */
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
    size_t covered = head & (CHUNK_SIZE | CHUNK_USED | CHUNK_MAPPED | CHUNK_GUARDED);

    uintptr_t mixed = ((uintptr_t)chunk ^ __malloc_secret ^ covered << 20) * 0x9E3779B97F4A7C15UL;

    mixed = (mixed ^ mixed >> 29) * (__malloc_secret | 1);
    return mixed & CHUNK_CHECK;
}

/* The head of a used chunk may be read without the heap's lock: until the chunk is freed, others
 * change only CHUNK_PREV_IN_USE, under the lock. */
static inline size_t chunk_head(const struct chunk *chunk)
{
    return __atomic_load_n(&chunk->head, __ATOMIC_RELAXED);
}

static inline int chunk_whole(const struct chunk *chunk)
{
    size_t head = chunk_head(chunk);

    return LIKELY((head & CHUNK_CHECK) == chunk_check(chunk, head));
}

/* `flag`: CHUNK_PREV_IN_USE, or 0. */
static inline void chunk_set_prev_in_use(struct chunk *chunk, size_t flag)
{
    __atomic_store_n(&chunk->head, (chunk_head(chunk) & ~CHUNK_PREV_IN_USE) | flag,
                     __ATOMIC_RELAXED);
}

/* Ends the process if the head is none: what is in front of it was written beyond its end. */
static inline void chunk_verify(const struct chunk *chunk)
{
    if (!chunk_whole(chunk))
        __process_die("heap damaged: memory was written beyond its end, in front of", chunk);
}

static inline size_t chunk_size(const struct chunk *chunk)
{
    return chunk_head(chunk) & CHUNK_SIZE;
}

static inline void chunk_set(struct chunk *chunk, size_t size, size_t flags)
{
    __atomic_store_n(&chunk->head, chunk_check(chunk, size | flags) | size | flags,
                     __ATOMIC_RELAXED);
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
    if (chunk_head(chunk) & CHUNK_MAPPED)
        return chunk_size(chunk) - chunk->prev_size - CHUNK_HEADER;
    return chunk_size(chunk) - sizeof chunk->head;
}

/* The size of the chunk for a request, which must be below CHUNK_SIZE by some pages: with room for
 * the head and the tail. */
static inline size_t chunk_size_for(size_t request)
{
    size_t size = (request + 2 * sizeof(size_t) + 15) & ~(size_t)15;

    return size < CHUNK_SMALLEST ? CHUNK_SMALLEST : size;
}

/* Where a chunk keeps the size of the request: in a heap's chunk the last word that the program
 * could use, the tail; in a mapping the word before `prev_size`. */
static inline size_t *chunk_tail(struct chunk *chunk)
{
    return (size_t *)(chunk_head(chunk) & CHUNK_MAPPED
                          ? (char *)chunk - sizeof(size_t)
                          : (char *)chunk_memory(chunk) + chunk_usable(chunk) - sizeof(size_t));
}

static inline size_t chunk_tail_mask(const struct chunk *chunk)
{
    size_t mixed = ((uintptr_t)chunk ^ __malloc_secret) * 0xD1342543DE82EF95UL;

    return (mixed ^ mixed >> 31) * (__malloc_secret | 1);
}

/* Never 0 or an ASCII character: see block.h. */
static inline unsigned char chunk_guard(const struct chunk *chunk)
{
    return (unsigned char)(chunk_tail_mask(chunk) >> 40 & 0x7e) | 0x80;
}

/* Is there room for a guard behind a request of `size` bytes? */
static inline int chunk_has_guard(const struct chunk *chunk, size_t size)
{
    size_t tail = chunk_head(chunk) & CHUNK_MAPPED ? 0 : sizeof(size_t);

    return size + tail < chunk_usable(chunk);
}

/* The last step of an allocation: notes the request's size, and sets the guard behind it. */
static inline void *chunk_hand_out(struct chunk *chunk, size_t size)
{
    char *memory = chunk_memory(chunk);

    *chunk_tail(chunk) = size ^ chunk_tail_mask(chunk);
    if (chunk_has_guard(chunk, size))
        memory[size] = (char)chunk_guard(chunk);
    return memory;
}

/* The size that the program asked for; SIZE_MAX: something was written behind it. */
static inline size_t chunk_request(struct chunk *chunk)
{
    size_t size = *chunk_tail(chunk) ^ chunk_tail_mask(chunk);
    size_t tail = chunk_head(chunk) & CHUNK_MAPPED ? 0 : sizeof(size_t);

    if (size + tail > chunk_usable(chunk) || size + tail < tail ||
        (chunk_has_guard(chunk, size) &&
         ((unsigned char *)chunk_memory(chunk))[size] != chunk_guard(chunk)))
        return SIZE_MAX;
    return size;
}

#endif
