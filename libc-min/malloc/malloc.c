/* malloc(3) and its relatives.
 *
 * A request below 8 KiB is a block of a run (run.h), which belongs to the thread's arena: no lock
 * and no system call. A larger one below 128 KiB is a chunk of the heap (heap.c), from those that
 * the arena has kept, or under the heap's lock. Both lie in the memory that brk(2) gives. From 128
 * KiB up each request has a mapping of its own (mapping.c), which free() unmaps after a while and
 * realloc() has the kernel move. */
#include "arena.h"
#include "block.h"
#include "chunk.h"
#include "harden.h"
#include "heap.h"
#include "mapping.h"
#include "options.h"
#include "process.h"
#include "syscall.h"
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int malloc_trim(size_t pad);

/* Above this no request can be met, and no sum below overflows. */
#define REQUEST_LIMIT ((size_t)1 << 46)

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

static struct chunk *heap_make(size_t size)
{
    __mapping_expire();
    heap_lock();
    struct chunk *chunk = __heap_alloc(chunk_size_for(size));
    heap_unlock();
    return chunk;
}

/* Gives back to the heap and to the kernel what is only kept for speed. Nonzero if there was
 * something. */
static int reclaim(void)
{
    int any = 0;

    if (arena_self()) {
        __arena_settle(arena_self());
        any = __arena_flush(arena_self());
    }
    any |= __arena_flush_orphans();
    any |= __mapping_trim();
    heap_lock();
    any |= __heap_flush();
    heap_unlock();
    return any;
}

/* A chunk for a request that no run serves. *fresh: all its bytes are 0. */
static struct chunk *chunk_make(size_t size, int *fresh)
{
    struct chunk *chunk;

    *fresh = 0;
    if (UNLIKELY(__malloc_harden & HARDEN_GUARD) && (chunk = __harden_guarded_alloc(size, 16))) {
        *fresh = 1;
        return chunk;
    }
    if (size >= __malloc_limits.mapped_from) {
        chunk = __mapping_alloc(size, 16, fresh);
        if (chunk)
            return chunk;
        *fresh = 0;
    } else if (size >= RUN_LARGEST && size < KEPT_LARGEST) {
        size_t rounded = size;
        chunk = __arena_kept_take(&rounded);
        if (!chunk)
            chunk = heap_make(rounded);
        if (chunk)
            return chunk;
    }
    return heap_make(size);
}

static void *chunk_malloc(size_t size, int *fresh)
{
    struct chunk *chunk = chunk_make(size, fresh);

    if (UNLIKELY(!chunk) && reclaim())
        chunk = chunk_make(size, fresh);
    return chunk ? chunk_hand_out(chunk, size) : no_memory();
}

static __attribute__((noinline)) void *malloc_hardened(size_t size)
{
    int fresh = 0;
    void *memory = NULL;

    if (!(__malloc_harden & HARDEN_GUARD) && size < __malloc_limits.small_below)
        memory = __arena_alloc(run_class(size), size);
    if (!memory)
        memory = size < REQUEST_LIMIT ? chunk_malloc(size, &fresh) : no_memory();
    if (memory && __malloc_perturb)
        memset(memory, (unsigned char)~__malloc_perturb, size);
    else if (memory)
        __harden_new(memory, size, 0);
    return memory;
}

static __attribute__((noinline)) void *malloc_slow(size_t size)
{
    int fresh;

    if (UNLIKELY(!__atomic_load_n(&__malloc_started, __ATOMIC_ACQUIRE)))
        __malloc_start();
    if (UNLIKELY(__malloc_harden || __malloc_perturb))
        return malloc_hardened(size);
    if (LIKELY(size < __malloc_limits.small_below)) {
        unsigned class = run_class(size);
        void *memory = __arena_alloc(class, size);
        if (UNLIKELY(!memory) && reclaim())
            memory = __arena_alloc(class, size);
        if (LIKELY(memory != NULL))
            return memory;
    }
    return size < REQUEST_LIMIT ? chunk_malloc(size, &fresh) : no_memory();
}

void *malloc(size_t size)
{
    struct arena *arena = arena_self();

    if (LIKELY(size < __malloc_limits.fast_below) && LIKELY(arena != NULL)) {
        struct run *run = arena->current[run_class(size)];
        uint16_t *end = run->end;
        uint32_t index;
        if (LIKELY(end != run->stack)) {
            char *memory = block_take(run, end, &index);
            unsigned slack = (unsigned)(run->size - size);
            __atomic_store_n(run->states + index, (uint8_t)(1 + slack), __ATOMIC_RELAXED);
            /* without a branch: if there is no room for a guard, the last byte, which the program
             * has not written yet, has it for the moment */
            memory[size - (slack == 0)] = (char)block_guard();
            return memory;
        }
    }
    return malloc_slow(size);
}

/* Nonzero if the chunk's head can be read: rt_sigprocmask(2) copies its new set, 8 bytes, from
 * there before it looks at `how`, and refuses that. A pipe or process_vm_readv(2) would do the same
 * for more. */
static int readable(const struct chunk *chunk)
{
    return sys_call(SYS_rt_sigprocmask, -1, &chunk->head, NULL, sizeof chunk->head) == -EINVAL;
}

/* What the lines about misuse begin with. */
struct caller {
    const char *foreign, *inside, *twice;
};
static const struct caller free_caller = {
    "free(): not a pointer that malloc() gave, or its tag was overwritten",
    "free(): inside a block, and not its start",
    "free(): already freed",
};
static const struct caller realloc_caller = {
    "realloc(): not a pointer that malloc() gave, or its tag was overwritten",
    "realloc(): inside a block, and not its start",
    "realloc(): already freed",
};
static const struct caller size_caller = {
    "malloc_usable_size(): not a pointer that malloc() gave, or its tag was overwritten",
    "malloc_usable_size(): inside a block, and not its start",
    "malloc_usable_size(): already freed",
};

void __block_die_written(const void *memory)
{
    __process_die("heap damaged: freed memory was written to", memory);
}

void __block_die_twice(const void *memory)
{
    __process_die("free(): already freed", memory);
}

void __block_die_end(const void *memory)
{
    __process_die("heap damaged: memory was written beyond its end, behind", memory);
}

/* A pointer that the program says malloc() gave, and that is in no run. One that malloc() did not
 * give, or that is already freed, ends the process: to go on would damage what others have. With
 * the heap's lock. */
static struct chunk *chunk_checked(void *memory, const struct caller *caller)
{
    struct chunk *chunk = chunk_of(memory);

    if ((uintptr_t)memory & 15)
        __process_die(caller->foreign, memory);
    /* Outside of the heap even looking is dangerous: the kernel looks first. */
    if (!__mapping_is_live(chunk) && !__heap_has(memory) && !readable(chunk))
        __process_die(__malloc_harden & HARDEN_GUARD && __harden_guarded_freed(memory)
                          ? caller->twice
                          : caller->foreign,
                      memory);
    if (!chunk_whole(chunk))
        __process_die(caller->foreign, memory);
    if (!(chunk_head(chunk) & CHUNK_USED) || __arena_is_kept(chunk))
        __process_die(caller->twice, memory);
    return chunk;
}

/* The request's size of a chunk, which must be whole. */
static size_t chunk_asked(struct chunk *chunk)
{
    size_t size = chunk_request(chunk);

    if (UNLIKELY(size == SIZE_MAX))
        __block_die_end(chunk_memory(chunk));
    return size;
}

/* A pointer into a run that is no block which the program has. */
static _Noreturn __attribute__((cold, noinline)) void block_die(const struct run *run, void *memory,
                                                                const struct caller *caller)
{
    uint32_t block = run_block(run, memory);

    if ((const char *)memory < run->blocks || block >= run->fresh)
        __process_die(caller->foreign, memory);
    if (!state_owned(run, state_get(run, block)))
        __process_die(caller->twice, memory);
    __process_die(caller->inside, memory);
}

/* The request's size of a block that the program must have. */
static size_t block_asked(const struct run *run, void *memory, const struct caller *caller)
{
    uint32_t index = run_index(run, memory);
    unsigned state = index == RUN_NO_BLOCK ? STATE_FREE : state_get(run, index);

    if (UNLIKELY(!state_owned(run, state)))
        block_die(run, memory, caller);
    size_t size = run->size - (state - 1);
    if (UNLIKELY(size < run->size && ((const unsigned char *)memory)[size] != block_guard()))
        __block_die_end(memory);
    return size;
}

/* free() of a block of another thread's run, or of a wide or filled one. */
static __attribute__((noinline)) void block_free_slow(struct run *run, void *memory)
{
    uint32_t index = run_index(run, memory);
    unsigned state = index == RUN_NO_BLOCK ? STATE_FREE : state_get(run, index);

    if (UNLIKELY(!state_owned(run, state)))
        block_die(run, memory, &free_caller);
    state_set(run, index, STATE_FREE);
    struct pending freed = {run, memory, index, (uint32_t)(run->size - (state - 1))};
    if (UNLIKELY(__malloc_perturb))
        memset(memory, __malloc_perturb, freed.size);
    if (UNLIKELY(__malloc_harden || run->filled)) {
        if (__harden_block_free(&freed))
            __arena_release(&freed);
        return;
    }
    if (state == 1 || !arena_self() || !arena_self()->defers || pending_swap(arena_self(), &freed))
        __arena_release(&freed);
}

/* The rest of free() of a block that has a guard, in an arena that defers. */
static __attribute__((noinline)) void block_free_later(struct arena *arena, struct run *run,
                                                       void *memory, uint32_t index, uint32_t size)
{
    struct pending freed = {run, memory, index, size};

    if (LIKELY(pending_swap(arena, &freed)))
        __arena_release(&freed);
}

/* free() of a block whose guard is gone. It does not return, and free() must not know: it jumps
 * here, and needs no stack. */
static __attribute__((noipa, cold)) void block_free_written(void *memory)
{
    __block_die_end(memory);
}

/* free() of what is no block that the program has; likewise. */
static __attribute__((noipa, cold)) void block_free_bad(struct run *run, void *memory)
{
    block_die(run, memory, &free_caller);
}

static inline __attribute__((always_inline)) void block_free(struct run *run, void *memory)
{
    struct arena *arena = arena_self();

    if (UNLIKELY(run->fast != arena)) {
        block_free_slow(run, memory);
        return;
    }
    uint32_t index = run_index(run, memory);
    if (UNLIKELY(index == RUN_NO_BLOCK)) {
        block_free_bad(run, memory);
        return;
    }
    unsigned slack = __atomic_load_n(run->states + index, __ATOMIC_RELAXED) - 1U;
    if (UNLIKELY(slack > STATE_SENT - 2)) {
        block_free_bad(run, memory);
        return;
    }
    __atomic_store_n(run->states + index, STATE_FREE, __ATOMIC_RELAXED);
    uint32_t size = run->size - slack;
    if (UNLIKELY(arena->defers) && slack > 0) {
        block_free_later(arena, run, memory, index, size);
        return;
    }
    /* Whether there is a guard is as good as random: no branch depends on it. */
    const unsigned char *guard = (const unsigned char *)memory + size;
    const unsigned char *same = (const unsigned char *)&__malloc_mark;
    guard = __builtin_expect_with_probability(slack > 0, 1, 0.5) ? guard : same;
    if (UNLIKELY(*guard != block_guard())) {
        block_free_written(memory);
        return;
    }
    if (UNLIKELY(block_give(run, index, memory)))
        __arena_notice(run);
}

static void fill_freed(void *memory, size_t size)
{
    if (__malloc_perturb)
        memset(memory, __malloc_perturb, size);
    else if (__malloc_harden & HARDEN_ZERO)
        memset(memory, 0, size);
    else if (__malloc_harden & HARDEN_POISON)
        memset(memory, 0xdb, size);
}

static __attribute__((noinline)) void free_slow(void *memory)
{
    struct chunk *chunk = chunk_of(memory);

    if (!run_mapped(memory)) {
        struct run *run = __heap_run(memory);
        if (run) {
            block_free(run, memory);
            return;
        }
    } else if (((uintptr_t)memory & 15) == 0) {
        /* the head may be read, and stays this one's as long as the chunk is used; another thread
         * may only change what it says of the chunk in front */
        size_t head = chunk_head(chunk);
        if ((head & (CHUNK_USED | CHUNK_MAPPED)) == CHUNK_USED &&
            (head & CHUNK_CHECK) == chunk_check(chunk, head) &&
            chunk_size(chunk) >= CHUNK_KEPT_SMALLEST && chunk_size(chunk) <= CHUNK_KEPT_LARGEST) {
            if (UNLIKELY(__arena_is_kept(chunk)))
                __process_die(free_caller.twice, memory);
            size_t size = chunk_asked(chunk);
            if (UNLIKELY(__malloc_harden || __malloc_perturb))
                fill_freed(memory, size);
            if (__arena_keep(chunk))
                return;
        }
    }
    heap_lock();
    chunk = chunk_checked(memory, &free_caller);
    if (chunk_asked(chunk) && UNLIKELY(__malloc_harden || __malloc_perturb))
        fill_freed(memory, chunk_asked(chunk));
    if (chunk_head(chunk) & CHUNK_GUARDED) {
        heap_unlock();
        __harden_guarded_free(chunk);
        return;
    }
    if (chunk_head(chunk) & CHUNK_MAPPED) {
        heap_unlock();
        __mapping_free(chunk);
        return;
    }
    __heap_free(chunk);
    heap_unlock();
}

void free(void *memory)
{
    struct run *run = run_of(memory);

    if (LIKELY(run != NULL))
        block_free(run, memory);
    else if (memory)
        free_slow(memory);
}

/* The run of a pointer that is said to be malloc()'s, in any part of the heap; NULL: none. */
static struct run *run_find(const void *memory)
{
    struct run *run = run_of(memory);

    return run || run_mapped(memory) ? run : __heap_run(memory);
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    int fresh = 0;

    if (__builtin_mul_overflow(count, size, &bytes))
        return no_memory();
    if (bytes < __malloc_limits.mapped_from || bytes >= REQUEST_LIMIT) {
        void *memory = malloc(bytes);
        return memory ? memset(memory, 0, bytes) : NULL;
    }
    if (UNLIKELY(!__atomic_load_n(&__malloc_started, __ATOMIC_ACQUIRE)))
        __malloc_start();
    void *memory = chunk_malloc(bytes, &fresh);
    return !memory || fresh ? memory : memset(memory, 0, bytes);
}

/* Makes a block `size` bytes long where it is. 0: the block is too small, or too large by a
 * quarter. */
static int block_resize(struct run *run, void *memory, size_t size)
{
    if (size > run->size || size < run->size / 4 * 3 || run->size - size > slack_most(run))
        return 0;
    block_hand_out(run, run_index(run, memory), memory, size);
    return 1;
}

/* Makes a chunk `size` bytes long, and has the kernel move a mapping. NULL: it stays as it was. */
static void *chunk_resize(struct chunk *chunk, size_t size)
{
    if (chunk_head(chunk) & CHUNK_GUARDED || UNLIKELY(__malloc_harden & HARDEN_GUARD)) {
        chunk = NULL;
    } else if (chunk_head(chunk) & CHUNK_MAPPED) {
        chunk = size >= __malloc_limits.mapped_from ? __mapping_resize(chunk, size) : NULL;
    } else {
        heap_lock();
        if (size < __malloc_limits.small_below || size >= __malloc_limits.mapped_from ||
            !__heap_resize(chunk, chunk_size_for(size)))
            chunk = NULL;
        heap_unlock();
    }
    return chunk ? chunk_hand_out(chunk, size) : NULL;
}

void *realloc(void *memory, size_t size)
{
    size_t old;

    if (!memory)
        return malloc(size);
    if (size >= REQUEST_LIMIT)
        return no_memory();
    struct run *run = run_find(memory);
    if (run) {
        old = block_asked(run, memory, &realloc_caller);
        if (block_resize(run, memory, size))
            return memory;
    } else {
        heap_lock();
        struct chunk *chunk = chunk_checked(memory, &realloc_caller);
        heap_unlock();
        old = chunk_asked(chunk);
        void *resized = chunk_resize(chunk, size);
        if (resized)
            return resized;
    }
    void *moved = malloc(size);
    if (!moved) /* it is large enough as it is, or the request has failed */
        return size <= old ? memory : NULL;
    memcpy(moved, memory, size < old ? size : old);
    free(memory);
    return moved;
}

/* The class of blocks that begin at multiples of `align`, a power of two of at most a cache line,
 * to which the first block of each run is aligned. */
static unsigned aligned_class(size_t align, size_t size)
{
    unsigned class = run_class(size);

    while (__run_size[class] & (align - 1))
        class ++;
    return class;
}

/* `align` is a power of two. */
static void *aligned_make(size_t align, size_t size)
{
    enum { LINE = 64 };
    struct chunk *chunk;
    int fresh;

    if (size >= REQUEST_LIMIT || align >= REQUEST_LIMIT)
        return no_memory();
    if (align <= 16)
        return malloc(size);
    if (UNLIKELY(!__atomic_load_n(&__malloc_started, __ATOMIC_ACQUIRE)))
        __malloc_start();
    if (UNLIKELY(__malloc_harden & HARDEN_GUARD) && (chunk = __harden_guarded_alloc(size, align)))
        return chunk_hand_out(chunk, size);
    if (align <= LINE && size < __malloc_limits.small_below / 2) {
        unsigned class = aligned_class(align, size);
        void *memory = __run_size[class] - size <= STATE_SENT - 2 ? __arena_alloc(class, size)
                                                                  : NULL;
        if (memory)
            return memory;
    }
    for (int again = 1;; again = 0) {
        if (size >= __malloc_limits.mapped_from || align >= __malloc_limits.mapped_from) {
            chunk = __mapping_alloc(size, align, &fresh);
        } else {
            heap_lock();
            chunk = __heap_alloc_aligned(chunk_size_for(size), align);
            heap_unlock();
        }
        if (chunk)
            return chunk_hand_out(chunk, size);
        if (!again || !reclaim())
            return no_memory();
    }
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

size_t malloc_usable_size(void *memory)
{
    if (!memory)
        return 0;
    struct run *run = run_find(memory);
    if (run)
        return block_asked(run, memory, &size_caller);
    heap_lock();
    struct chunk *chunk = chunk_checked(memory, &size_caller);
    heap_unlock();
    return chunk_asked(chunk);
}

int malloc_trim(size_t pad)
{
    int trimmed = reclaim();

    heap_lock();
    trimmed |= __heap_trim(pad);
    trimmed |= __heap_pages_free();
    heap_unlock();
    return trimmed;
}

HIDDEN void __malloc_exit(void);

/* The process ends: what free() has put off would go unnoticed. */
void __malloc_exit(void)
{
    if (arena_self())
        __arena_settle(arena_self());
}

void __malloc_fork(int when)
{
    if (when == 0) {
        __arena_fork(when);
        __mapping_fork(when);
        __harden_fork(when);
        heap_lock();
    } else {
        heap_unlock();
        __harden_fork(when);
        __mapping_fork(when);
        __arena_fork(when);
    }
}
