#include "arena.h"
#include "block.h"
#include "heap.h"

#define NEVER UINT32_MAX

/* What stands for no run: malloc() finds no block in it, and comes here. */
static struct run no_run = {.word = no_run.ready, .notice = NEVER, .state = RUN_CURRENT};

static lock_t arenas_lock;
static struct arena *arenas;

/* 16 to 128 by 16, then 8 a power of two. */
#define SIXTEENS(from) from, from + 16, from + 32, from + 48, from + 64, from + 80, from + 96, from + 112
#define EIGHTHS(power) \
    power + power / 8, power + power / 4, power + power / 8 * 3, power + power / 2, \
    power + power / 8 * 5, power + power / 8 * 6, power + power / 8 * 7, power * 2
const uint16_t __run_size[RUN_CLASSES] = {SIXTEENS(16),  EIGHTHS(128),  EIGHTHS(256),  EIGHTHS(512),
                                          EIGHTHS(1024), EIGHTHS(2048), EIGHTHS(4096)};

/* Finds the first word with a ready block. 0: none. */
static int word_find(struct run *run)
{
    uint64_t *word = run->word, *end = run->ready + RUN_WORDS;

    while (word < end && !*word)
        word++;
    if (word == end)
        return 0;
    run->word = word;
    run->word_blocks = run->blocks + (size_t)(word - run->ready) * 64 * run->size;
    return 1;
}

static void queue_push(struct arena *arena, struct run *run)
{
    run->state = RUN_QUEUED;
    run->notice = 0;
    run->next = NULL;
    run->previous = arena->queues[run->class].last;
    if (run->previous)
        run->previous->next = run;
    else
        arena->queues[run->class].first = run;
    arena->queues[run->class].last = run;
}

static void queue_remove(struct arena *arena, struct run *run)
{
    if (run->next)
        run->next->previous = run->previous;
    else
        arena->queues[run->class].last = run->previous;
    if (run->previous)
        run->previous->next = run->next;
    else
        arena->queues[run->class].first = run->next;
}

/* A run that is not current has blocks again, or nothing but free ones. */
static void run_changed(struct arena *arena, struct run *run)
{
    if (run->state == RUN_CURRENT)
        return;
    if (run->used == 0) {
        if (run->state == RUN_QUEUED)
            queue_remove(arena, run);
        __heap_run_free(run);
    } else if (run->state == RUN_FULL) {
        queue_push(arena, run);
    }
}

/* Puts a run that has bits in `remote` on its arena's list, if it is on none. */
static void remote_push(struct run *run, struct arena *arena)
{
    if (__atomic_load_n(&run->flagged, __ATOMIC_SEQ_CST) ||
        __atomic_exchange_n(&run->flagged, 1, __ATOMIC_SEQ_CST))
        return;
    run->next_remote = __atomic_load_n(&arena->remote, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&arena->remote, &run->next_remote, run, 1, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
        ;
}

/* Takes over what other threads have freed. A thread that sets a bit after this has read the word
 * finds `flagged` clear, and puts the run on the list again. That thread may be late: the run has
 * been released, and belongs to another arena or to none, when it is found on this one's list. (A
 * struct run is never used for anything else.) */
static void drain(struct arena *arena)
{
    if (!__atomic_load_n(&arena->remote, __ATOMIC_RELAXED))
        return;
    struct run *run = __atomic_exchange_n(&arena->remote, NULL, __ATOMIC_ACQUIRE);
    while (run) {
        struct run *next = run->next_remote;
        __atomic_exchange_n(&run->flagged, 0, __ATOMIC_SEQ_CST);
        struct arena *owner = __atomic_load_n(&run->arena, __ATOMIC_RELAXED);
        if (UNLIKELY(owner != arena)) {
            if (owner)
                remote_push(run, owner);
            run = next;
            continue;
        }
        for (unsigned i = 0; i < RUN_WORDS; i++) {
            if (!__atomic_load_n(&run->remote[i], __ATOMIC_RELAXED))
                continue;
            uint64_t freed = __atomic_exchange_n(&run->remote[i], 0, __ATOMIC_ACQUIRE);
            run->ready[i] |= freed;
            run->used -= (uint32_t)__builtin_popcountl(freed);
            if (run->ready + i < run->word)
                run->word = run->ready + i;
        }
        word_find(run);
        run_changed(arena, run);
        run = next;
    }
}

/* The next run of the class becomes the current one. 0: no memory. */
static int current_replace(struct arena *arena, unsigned class)
{
    struct run *old = arena->current[class], *run = arena->queues[class].first;

    if (run) {
        queue_remove(arena, run);
    } else {
        run = __heap_run_alloc(class);
        if (!run)
            return 0;
        __atomic_store_n(&run->arena, arena, __ATOMIC_RELAXED);
    }
    run->state = RUN_CURRENT;
    run->notice = NEVER;
    if (old != &no_run) {
        old->state = RUN_FULL;
        old->notice = old->used - 1;
    }
    arena->current[class] = run;
    word_find(run);
    return 1;
}

/* An orphan, or a new one. */
static struct arena *arena_get(void)
{
    struct arena *arena;

    lock_take(&arenas_lock);
    for (arena = arenas; arena && !arena->orphan; arena = arena->next)
        ;
    if (arena) {
        arena->orphan = 0;
    } else {
        arena = __heap_raw_alloc(sizeof *arena);
        if (arena) {
            for (unsigned i = 0; i < RUN_CLASSES; i++)
                arena->current[i] = &no_run;
            arena->next = arenas;
            arenas = arena;
        }
    }
    lock_release(&arenas_lock);
    arena_self() = arena;
#ifdef MALLOC_PRELOAD
    __arena_started(arena);
#endif
    return arena;
}

/* The class of a size that must fit, and its size. */
static unsigned kept_class(size_t size, size_t *rounded)
{
    unsigned power = 63U - (unsigned)__builtin_clzl(size - 1);
    size_t step = (size_t)1 << (power - 3);

    *rounded = (size + step - 1) & -step;
    return (power - 13) * 8 + (unsigned)((*rounded >> (power - 3)) - 9);
}

static uintptr_t kept_key(const void *memory)
{
    uintptr_t key = ((uintptr_t)memory ^ __malloc_secret) * 0x9E3779B97F4A7C15UL;

    return (key ^ key >> 32) * __malloc_secret;
}

void *__arena_kept_take(size_t *size)
{
    struct arena *arena = arena_self();
    unsigned class = kept_class(*size, size);
    struct kept *kept;

    if (!arena || !(kept = arena->kept[class].first))
        return NULL;
    if (UNLIKELY(kept->key != kept_key(kept)))
        __process_die("heap damaged: freed memory was written to", kept);
    arena->kept[class].first = kept->next;
    arena->kept[class].count--;
    arena->kept_bytes -= *size;
    kept->key = 0;
    return kept;
}

int __arena_keep(void *memory, size_t size)
{
    struct arena *arena = arena_self();
    struct kept *kept = memory;
    size_t rounded;
    unsigned class;

    if (UNLIKELY(kept->key == kept_key(kept)))
        __process_die("free(): already freed", memory);
    /* a chunk is of the class that it fits whole */
    class = kept_class(size, &rounded);
    if (rounded > size) {
        if (class == 0)
            return 0;
        size_t step = (size_t)1 << (60U - (unsigned)__builtin_clzl(size - 1));
        class--;
        rounded -= step;
    }
    if (!arena || arena->kept[class].count >= KEPT_COUNT || arena->kept_bytes + rounded > KEPT_BYTES)
        return 0;
    kept->key = kept_key(kept);
    kept->next = arena->kept[class].first;
    arena->kept[class].first = kept;
    arena->kept[class].count++;
    arena->kept_bytes += rounded;
    return 1;
}

void __arena_kept_flush(struct arena *arena)
{
    heap_lock();
    for (unsigned class = 0; class < KEPT_CLASSES; class++) {
        while (arena->kept[class].first) {
            struct kept *kept = arena->kept[class].first;
            arena->kept[class].first = kept->next;
            kept->key = 0;
            __heap_free(chunk_of(kept));
        }
        arena->kept[class].count = 0;
    }
    arena->kept_bytes = 0;
    heap_unlock();
}

static void *block_take(struct run *run, size_t size)
{
    uint64_t ready = *run->word;

    *run->word = ready & (ready - 1);
    run->used++;
    return block_hand_out(run, run->word_blocks + (size_t)__builtin_ctzl(ready) * run->size, size);
}

void *__arena_alloc(size_t size)
{
    unsigned class = run_class(size);
    struct arena *arena = arena_self();
    void *memory = NULL;

    if (UNLIKELY(!arena) && !(arena = arena_get()))
        return NULL;
    if (word_find(arena->current[class]))
        return block_take(arena->current[class], size);
    lock_take(&arena->lock);
    drain(arena);
    if (word_find(arena->current[class]) || current_replace(arena, class))
        memory = block_take(arena->current[class], size);
    lock_release(&arena->lock);
    return memory;
}

void __arena_notice(struct run *run)
{
    struct arena *arena = run->arena;

    lock_take(&arena->lock);
    run_changed(arena, run);
    lock_release(&arena->lock);
}

int __arena_free_remote(struct run *run, uint32_t index)
{
    uint64_t bit = (uint64_t)1 << index % 64;
    struct arena *arena = run->arena; /* as long as the block is not free, it is the owner */

    if (__atomic_load_n(&run->ready[index / 64], __ATOMIC_RELAXED) & bit)
        return 1;
    if (__atomic_fetch_or(&run->remote[index / 64], bit, __ATOMIC_SEQ_CST) & bit)
        return 1;
    remote_push(run, arena);
    return 0;
}

void __malloc_thread_end(void)
{
    struct arena *arena = arena_self();

    if (!arena)
        return;
    arena_self() = NULL;
    lock_take(&arena->lock);
    drain(arena);
    lock_release(&arena->lock);
    __arena_kept_flush(arena);
    __atomic_store_n(&arena->orphan, 1, __ATOMIC_RELEASE);
}

void __arena_fork(int when)
{
    if (when == 0)
        lock_take(&arenas_lock);
    for (struct arena *arena = arenas; arena; arena = arena->next) {
        if (when == 0)
            lock_take(&arena->lock);
        else
            lock_release(&arena->lock);
        if (when == 2 && arena != arena_self())
            arena->orphan = 1;
    }
    if (when != 0)
        lock_release(&arenas_lock);
}
