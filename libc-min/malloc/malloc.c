/* malloc(3) and its kin.
 *
 * A request of at most 8 KiB is a block of a run (run.h), which its thread's arena holds: no lock,
 * no system call. A larger one below 128 KiB is a chunk of the heap (heap.c), under the heap's
 * lock. Both lie in the memory that brk(2) gives. From 128 KiB up each has a mapping of its own,
 * which free() unmaps and realloc() has the kernel move.
 */
#include "arena.h"
#include "block.h"
#include "chunk.h"
#include "heap.h"
#include "lock.h"
#include "mapping.h"
#include "process.h"
#include "syscall.h"
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int mallopt(int parameter, int value);
int malloc_trim(size_t pad);

/* glibc's names and numbers for mallopt(3), which musl's <malloc.h> has not got. */
enum { TRIM_THRESHOLD = -1, TOP_PAD = -2, MMAP_THRESHOLD = -3 };

/* Above this no request can be met, and no sum below overflows. */
#define REQUEST_LIMIT ((size_t)1 << 46)

static size_t mapped_from = 128 << 10, small_to = RUN_LARGEST, tagged_to = RUN_TAGGED;

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

static void *heap_make(size_t size)
{
    struct chunk *chunk;

    heap_lock();
    chunk = __heap_alloc(chunk_size_for(size));
    heap_unlock();
    return chunk ? chunk_memory(chunk) : NULL;
}

static __attribute__((noinline)) void *malloc_slow(size_t size)
{
    void *memory = NULL;

    if (LIKELY(size <= small_to))
        memory = __arena_alloc(size);
    else if (size < mapped_from) {
        if (size > RUN_LARGEST && size < KEPT_LARGEST)
            memory = __arena_kept_take(&size);
        if (!memory)
            memory = heap_make(size);
    } else if (size < REQUEST_LIMIT) {
        int fresh;
        memory = __mapping_alloc(size, 16, &fresh);
        if (!memory)
            memory = heap_make(size); /* what is free there may do, when all mappings are taken */
    }
    return LIKELY(memory != NULL) ? memory : no_memory();
}

void *malloc(size_t size)
{
    struct arena *arena = arena_self();

    if (LIKELY(arena != NULL && size < tagged_to)) {
        struct run *run = arena->current[__run_class[size / 16 + 1]];
        uint64_t ready = *run->word;
        if (LIKELY(ready != 0)) {
            *run->word = ready & (ready - 1);
            run->used++;
            return block_hand_out(
                run, run->word_blocks + (size_t)__builtin_ctzl(ready) * run->size, size);
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

/* A pointer that the program says malloc() gave. One that it did not give, or that is already
 * freed, ends the process: to go on would damage what others have. `what` begins the line. */
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

void __block_die_written(const void *memory)
{
    __process_die("heap damaged: freed memory was written to", memory);
}

static _Noreturn __attribute__((cold, noinline)) void block_die_end(const void *memory)
{
    __process_die("heap damaged: memory was written beyond its end, behind", memory);
}

/* A pointer into a run that is no block which the program has. */
static _Noreturn __attribute__((cold)) void block_die(const struct run *run, void *memory,
                                                      const char *foreign, const char *twice)
{
    __process_die(run_index(run, memory) == RUN_BLOCKS_MOST ? foreign : twice, memory);
}

#define FREE_FOREIGN "free(): not a pointer that malloc() gave, or its tag was overwritten"
#define FREE_TWICE   "free(): already freed"

static __attribute__((noinline)) void block_free_remote(struct run *run, void *memory)
{
    uint32_t index = run_index(run, memory);

    if (UNLIKELY(index == RUN_BLOCKS_MOST) ||
        UNLIKELY(__atomic_load_n(&run->ready[index / 64], __ATOMIC_RELAXED) >> index % 64 & 1))
        block_die(run, memory, FREE_FOREIGN, FREE_TWICE);
    if (run->tagged && UNLIKELY(block_size(run, memory) == SIZE_MAX))
        block_die_end(memory);
    uintptr_t word = *(uintptr_t *)memory;
    *(uintptr_t *)memory = block_free_word(memory);
    if (UNLIKELY(__arena_free_remote(run, index))) {
        *(uintptr_t *)memory = word;
        block_die(run, memory, FREE_FOREIGN, FREE_TWICE);
    }
}

static inline void block_free(struct run *run, void *memory)
{
    uint32_t index = run_index(run, memory);
    uint64_t bit = (uint64_t)1 << index % 64, *word = &run->ready[index / 64];

    if (UNLIKELY(run->arena != arena_self())) {
        block_free_remote(run, memory);
        return;
    }
    if (UNLIKELY(index == RUN_BLOCKS_MOST) || UNLIKELY(*word & bit) ||
        UNLIKELY(run->flagged && run->remote[index / 64] & bit))
        block_die(run, memory, FREE_FOREIGN, FREE_TWICE);
    if (run->tagged && UNLIKELY(block_size(run, memory) == SIZE_MAX))
        block_die_end(memory);
    *(uintptr_t *)memory = block_free_word(memory);
    *word |= bit;
    if (word < run->word) {
        run->word = word;
        run->word_blocks = run->blocks + (size_t)(index & ~63U) * run->size;
    }
    if (UNLIKELY(--run->used == run->notice))
        __arena_notice(run);
}

static __attribute__((noinline)) void free_slow(void *memory)
{
    struct run *run;
    struct chunk *chunk;

    if (!run_mapped(memory)) {
        run = __heap_run(memory);
        if (run) {
            block_free(run, memory);
            return;
        }
    } else if (((uintptr_t)memory & 15) == 0) {
        /* the head may be read, and stays this one's as long as the chunk is used; another thread
         * may only change what it says of the chunk in front */
        chunk = chunk_of(memory);
        size_t head = __atomic_load_n(&chunk->head, __ATOMIC_RELAXED);
        if ((head & (CHUNK_USED | CHUNK_MAPPED)) == CHUNK_USED &&
            (head & CHUNK_CHECK) == chunk_check(chunk, head) &&
            (head & CHUNK_SIZE) > RUN_LARGEST + 8 && (head & CHUNK_SIZE) <= KEPT_LARGEST + 8 &&
            __arena_keep(memory, (head & CHUNK_SIZE) - 8))
            return;
    }
    heap_lock();
    chunk = chunk_checked(memory, FREE_FOREIGN, FREE_TWICE);
    if (chunk->head & CHUNK_MAPPED) {
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

    return run ? run : __heap_run(memory);
}

void *calloc(size_t count, size_t size)
{
    size_t bytes;
    void *memory;
    int fresh = 0;

    if (__builtin_mul_overflow(count, size, &bytes))
        return no_memory();
    if (bytes >= mapped_from && bytes < REQUEST_LIMIT) {
        memory = __mapping_alloc(bytes, 16, &fresh);
        if (memory && fresh)
            return memory;
        if (!memory)
            memory = heap_make(bytes);
        if (!memory)
            return no_memory();
    } else {
        memory = malloc(bytes);
    }
    return memory ? memset(memory, 0, bytes) : NULL;
}

/* A block whose size does not fit any more moves; it stays where its class is the next request's,
 * or where the request is less than a quarter shorter. */
static void *block_resize(struct run *run, void *memory, size_t size, size_t *usable)
{
    uint32_t index = run_index(run, memory);

    if (UNLIKELY(index == RUN_BLOCKS_MOST) ||
        UNLIKELY((__atomic_load_n(&run->ready[index / 64], __ATOMIC_RELAXED) |
                  __atomic_load_n(&run->remote[index / 64], __ATOMIC_RELAXED)) >>
                     index % 64 &
                 1))
        block_die(run, memory,
                  "realloc(): not a pointer that malloc() gave, or its tag was overwritten",
                  "realloc(): already freed");
    *usable = run->size;
    if (run->tagged) {
        *usable = block_size(run, memory);
        if (UNLIKELY(*usable == SIZE_MAX))
            block_die_end(memory);
    }
    if (size + run->tagged > run->size || size <= run->size / 4 * 3)
        return NULL;
    if (run->tagged)
        block_tag(run, memory, size);
    return memory;
}

void *realloc(void *memory, size_t size)
{
    struct run *run;
    struct chunk *chunk;
    size_t usable;
    void *moved = NULL;

    if (!memory)
        return malloc(size);
    if (size >= REQUEST_LIMIT)
        return no_memory();
    run = run_find(memory);
    if (run) {
        moved = block_resize(run, memory, size, &usable);
    } else {
        heap_lock();
        chunk =
            chunk_checked(memory,
                          "realloc(): not a pointer that malloc() gave, or its tag was overwritten",
                          "realloc(): already freed");
        usable = chunk_usable(chunk);
        if (chunk->head & CHUNK_MAPPED) {
            heap_unlock();
            if (size >= mapped_from)
                moved = __mapping_resize(chunk, size);
        } else {
            if (size > small_to && size < mapped_from && __heap_resize(chunk, chunk_size_for(size)))
                moved = memory;
            heap_unlock();
        }
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

/* `align` is a power of two. */
static void *aligned_make(size_t align, size_t size)
{
    struct chunk *chunk;

    if (size >= REQUEST_LIMIT || align >= REQUEST_LIMIT)
        return no_memory();
    if (align <= 16)
        return malloc(size);
    if (size >= mapped_from || align >= mapped_from) {
        int fresh;
        void *memory = __mapping_alloc(size, align, &fresh);
        return memory ? memory : no_memory();
    }
    heap_lock();
    chunk = __heap_alloc_aligned(chunk_size_for(size), align);
    heap_unlock();
    return chunk ? chunk_memory(chunk) : no_memory();
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
    if (!memory)
        return 0;
    struct run *run = run_find(memory);
    if (!run)
        return chunk_usable(chunk_of(memory));
    return run->tagged ? block_size(run, memory) : run->size;
}

/* mallopt(3): 1, or 0 for what there is not. */
int mallopt(int parameter, int value)
{
    int known = 1;

    if (value < 0 && (parameter != TRIM_THRESHOLD || value != -1))
        return 0;
    heap_lock();
    if (parameter == MMAP_THRESHOLD) {
        mapped_from = (size_t)value;
        small_to = mapped_from > RUN_LARGEST ? RUN_LARGEST : mapped_from - (mapped_from > 0);
        tagged_to = mapped_from > RUN_TAGGED ? RUN_TAGGED : mapped_from;
    } else if (parameter == TRIM_THRESHOLD)
        __heap_trim_threshold = (size_t)value; /* -1: never */
    else if (parameter == TOP_PAD)
        __heap_top_pad = (size_t)value;
    else
        known = 0;
    heap_unlock();
    return known;
}

int malloc_trim(size_t pad)
{
    int trimmed;

    if (arena_self())
        __arena_kept_flush(arena_self());
    heap_lock();
    trimmed = __heap_trim(pad);
    heap_unlock();
    return __mapping_trim() | trimmed;
}

void __malloc_fork(int when)
{
    if (when == 0) {
        __arena_fork(when);
        __mapping_fork(when);
        heap_lock();
    } else {
        heap_unlock();
        __mapping_fork(when);
        __arena_fork(when);
    }
}
