/* malloc(3) and its kin.
 *
 * Requests below 128 KiB come from the heap (heap.c), which is the break; from 128 KiB up each has
 * a mapping of its own, which free() unmaps and realloc() has the kernel move.  One lock for all.
 */
#include "chunk.h"
#include "heap.h"
#include "lock.h"
#include "process.h"
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int mallopt(int parameter, int value);
int malloc_trim(size_t pad);

/* glibc's names and numbers for mallopt(3); musl's <malloc.h> lacks them. */
enum { TRIM_THRESHOLD = -1, TOP_PAD = -2, MMAP_THRESHOLD = -3 };

/* Above this no request can be met, and no sum below overflows. */
#define REQUEST_LIMIT ((size_t)1 << 46)

HIDDEN uintptr_t __malloc_secret;

static lock_t malloc_lock;
static size_t mapped_from = 128 << 10;

static void heap_lock(void)
{
    lock_take(&malloc_lock);
    if (!__malloc_secret)
        __malloc_secret = thread_self()->canary | 1;
}

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

/* A mapping for `size` bytes at a multiple of `align`, a power of two of at least 16; NULL if there
 * is none. What alignment leaves over at either side is given back, page by page. */
static void *mapping_make(size_t size, size_t align)
{
    size_t slack = align > 16 ? align : 0, length = page_round(size + CHUNK_HEADER + slack);
    char *map = (char *)sys_call(SYS_mmap, NULL, length, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uintptr_t memory;

    if ((unsigned long)map > -4096UL)
        return NULL;
    memory = ((uintptr_t)map + CHUNK_HEADER + align - 1) & -align;
    if (slack) {
        char *first = (char *)((memory - CHUNK_HEADER) & -__process.page);
        char *end = (char *)page_round(memory + size);
        if (first > map)
            sys_call(SYS_munmap, map, first - map);
        if (end < map + length)
            sys_call(SYS_munmap, end, map + length - end);
        length = (size_t)(end - first);
        map = first;
    }
    struct chunk *chunk = chunk_of((void *)memory);
    chunk->prev_size = (size_t)((char *)chunk - map);
    if (!__malloc_secret) {
        heap_lock();
        lock_release(&malloc_lock);
    }
    chunk_set(chunk, length, CHUNK_USED | CHUNK_MAPPED);
    return (void *)memory;
}

static void *heap_make(size_t size)
{
    struct chunk *chunk;

    heap_lock();
    chunk = __heap_alloc(chunk_size_for(size));
    lock_release(&malloc_lock);
    return chunk ? chunk_memory(chunk) : NULL;
}

void *malloc(size_t size)
{
    void *memory = NULL;

    if (LIKELY(size < mapped_from))
        memory = heap_make(size);
    else if (size < REQUEST_LIMIT) {
        memory = mapping_make(size, 16);
        if (!memory)
            memory = heap_make(size); /* what is free there may do, when all mappings are taken */
    }
    return LIKELY(memory != NULL) ? memory : no_memory();
}

/* Nonzero if the chunk's head can be read: rt_sigprocmask(2) copies its new set, 8 bytes, from
 * there before it looks at `how`, and refuses that. A pipe or process_vm_readv(2) would do the same
 * for more. */
static int readable(const struct chunk *chunk)
{
    return sys_call(SYS_rt_sigprocmask, -1, &chunk->head, NULL, sizeof chunk->head) == -EINVAL;
}

/* A pointer that the program says malloc() gave. One that it did not give, or that is already
 * freed, ends the process: to go on would damage what others have. `foreign` or `twice` begins
 * the line. */
static struct chunk *chunk_checked(void *memory, const char *foreign, const char *twice)
{
    struct chunk *chunk = chunk_of(memory);

    if ((uintptr_t)memory & 15)
        __process_die(foreign, memory);
    /* Outside of the heap even looking is dangerous: the kernel looks first. */
    if (!__heap_has(memory) && !readable(chunk))
        __process_die(foreign, memory);
    if (!chunk_whole(chunk))
        __process_die(foreign, memory);
    if (!(chunk->head & CHUNK_USED))
        __process_die(twice, memory);
    return chunk;
}

void free(void *memory)
{
    struct chunk *chunk;

    if (!memory)
        return;
    heap_lock();
    chunk = chunk_checked(memory,
                          "free(): not a pointer that malloc() gave, or its tag was overwritten",
                          "free(): already freed");
    if (chunk->head & CHUNK_MAPPED) {
        size_t length = chunk_size(chunk);
        lock_release(&malloc_lock);
        sys_call(SYS_munmap, (char *)chunk - chunk->prev_size, length);
        return;
    }
    __heap_free(chunk);
    lock_release(&malloc_lock);
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    void *memory;

    if (__builtin_mul_overflow(count, size, &bytes))
        return no_memory();
    memory = malloc(bytes);
    if (memory && !(chunk_of(memory)->head & CHUNK_MAPPED))
        memset(memory, 0, bytes);
    return memory;
}

/* A mapping becomes longer or shorter where it is, or the kernel moves its pages elsewhere. NULL if
 * it can not. */
static void *mapping_resize(struct chunk *chunk, size_t size)
{
    size_t front = chunk->prev_size, length = page_round(front + CHUNK_HEADER + size);
    char *map = (char *)chunk - front;

    if (length != chunk_size(chunk)) {
        map = (char *)sys_call(SYS_mremap, map, chunk_size(chunk), length, MREMAP_MAYMOVE);
        if ((unsigned long)map > -4096UL)
            return NULL;
        chunk = chunk_at(map, front);
        chunk_set(chunk, length, CHUNK_USED | CHUNK_MAPPED);
    }
    return chunk_memory(chunk);
}

void *realloc(void *memory, size_t size)
{
    struct chunk *chunk;
    size_t usable;
    void *moved = NULL;

    if (!memory)
        return malloc(size);
    if (size >= REQUEST_LIMIT)
        return no_memory();
    heap_lock();
    chunk = chunk_checked(memory,
                          "realloc(): not a pointer that malloc() gave, or its tag was overwritten",
                          "realloc(): already freed");
    usable = chunk_usable(chunk);
    if (chunk->head & CHUNK_MAPPED) {
        lock_release(&malloc_lock);
        if (size >= mapped_from)
            moved = mapping_resize(chunk, size);
    } else {
        if (size < mapped_from && __heap_resize(chunk, chunk_size_for(size)))
            moved = memory;
        lock_release(&malloc_lock);
    }
    if (moved)
        return moved;
    moved = malloc(size);
    if (!moved && size <= usable)
        return memory; /* no room to move to, but it is large enough as it is */
    if (!moved)
        return NULL;
    memcpy(moved, memory, size < usable ? size : usable);
    free(memory);
    return moved;
}

/* `align` is a power of two. In the heap: from a chunk that is long enough, what is in front of the
 * aligned address is given back. */
static void *aligned_make(size_t align, size_t size)
{
    struct chunk *chunk, *aligned;

    if (size >= REQUEST_LIMIT || align >= REQUEST_LIMIT)
        return no_memory();
    if (align <= 16)
        return malloc(size);
    if (size >= mapped_from || align >= mapped_from) {
        void *memory = mapping_make(size, align);
        return memory ? memory : no_memory();
    }
    size = chunk_size_for(size);
    heap_lock();
    chunk = __heap_alloc(size + align + CHUNK_SMALLEST);
    if (!chunk) {
        lock_release(&malloc_lock);
        return no_memory();
    }
    uintptr_t memory = (uintptr_t)chunk_memory(chunk);
    if (memory & (align - 1)) {
        memory = (memory + CHUNK_SMALLEST + align - 1) & -align;
        aligned = chunk_of((void *)memory);
        size_t front = (size_t)((char *)aligned - (char *)chunk);
        chunk_set(aligned, chunk_size(chunk) - front, CHUNK_USED | CHUNK_PREV_IN_USE);
        chunk_set(chunk, front, chunk->head & (CHUNK_USED | CHUNK_PREV_IN_USE));
        __heap_free(chunk);
        chunk = aligned;
    }
    __heap_resize(chunk, size);
    lock_release(&malloc_lock);
    return chunk_memory(chunk);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t bytes;

    return __builtin_mul_overflow(count, size, &bytes) ? no_memory() : realloc(memory, bytes);
}

static int power_of_two(size_t align)
{
    return align && !(align & (align - 1));
}

void *aligned_alloc(size_t align, size_t size)
{
    if (!power_of_two(align)) {
        errno = EINVAL;
        return NULL;
    }
    return aligned_make(align, size);
}

void *memalign(size_t align, size_t size)
{
    return aligned_alloc(align, size);
}

/* POSIX: the answer is the error, and errno is left alone. */
int posix_memalign(void **result, size_t align, size_t size)
{
    int old = errno;
    void *memory;

    if (!power_of_two(align) || align % sizeof(void *))
        return EINVAL;
    memory = aligned_make(align, size);
    errno = old;
    if (!memory)
        return ENOMEM;
    *result = memory;
    return 0;
}

void *valloc(size_t size)
{
    return aligned_make(__process.page, size);
}

size_t malloc_usable_size(void *memory)
{
    return memory ? chunk_usable(chunk_of(memory)) : 0;
}

/* mallopt(3): 1, or 0 for what there is not. */
int mallopt(int parameter, int value)
{
    int known = 1;

    if (value < 0 && (parameter != TRIM_THRESHOLD || value != -1))
        return 0;
    heap_lock();
    if (parameter == MMAP_THRESHOLD)
        mapped_from = (size_t)value;
    else if (parameter == TRIM_THRESHOLD)
        __heap_trim_threshold = (size_t)value; /* -1: never */
    else if (parameter == TOP_PAD)
        __heap_top_pad = (size_t)value;
    else
        known = 0;
    lock_release(&malloc_lock);
    return known;
}

int malloc_trim(size_t pad)
{
    int trimmed;

    heap_lock();
    trimmed = __heap_trim(pad);
    lock_release(&malloc_lock);
    return trimmed;
}

void __malloc_fork(int when)
{
    if (when == 0)
        heap_lock();
    else
        lock_release(&malloc_lock);
}
