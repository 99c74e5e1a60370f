#include "arena.h"
#include "block.h"
#include "harden.h"
#include "heap.h"
#include "mapping.h"
#include "options.h"
#include "stats.h"
#include <string.h>

/* An arena that has used more bytes than this must expect that a block which is freed is not in the
 * cache. */
enum { CACHE = 4 << 20 };

/* What stands for no run: malloc() finds no block in it, and comes here. */
static struct run no_run = {.state = RUN_CURRENT};

static lock_t arenas_lock;
static struct arena *arenas;

static void queue_push(struct arena *arena, struct run *run)
{
    run->state = RUN_QUEUED;
    run->notice = run->stack + run->fresh;
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

/* The arena has `bytes` more in blocks that were used at some time. */
static void touched(struct arena *arena, long bytes)
{
    arena->touched += (size_t)bytes;
    arena->defers = arena->touched > CACHE;
}

/* A run that is not current has blocks again, or nothing but free ones. */
static void run_changed(struct arena *arena, struct run *run)
{
    if (run->state == RUN_CURRENT)
        return;
    if (run_free(run) == run->fresh) {
        if (run->state == RUN_QUEUED)
            queue_remove(arena, run);
        touched(arena, -(long)run->fresh * run->size);
        __heap_run_free(run);
    } else if (run->state == RUN_FULL) {
        queue_push(arena, run);
    }
}

/* Puts a run that has blocks that were sent on its arena's list, if it is on none. */
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

/* Takes over the blocks of a run that were sent. */
static void collect(struct run *run)
{
    const uint64_t ones = run->wide ? 0x0001000100010001 : 0x0101010101010101;
    const uint64_t sent = ones * state_sent(run);
    const unsigned width = run->wide ? 16 : 8, in_word = 64 / width;

    for (uint32_t from = 0; from < run->fresh; from += in_word) {
        const uint64_t *states = (const uint64_t *)(const void *)run->states;
        uint64_t word = __atomic_load_n(states + from / in_word, __ATOMIC_RELAXED) ^ sent;
        /* what was `sent` is 0; the lowest such one is told, those above it perhaps wrongly */
        if (LIKELY(((word - ones) & ~word & ones << (width - 1)) == 0))
            continue;
        for (uint32_t index = from; index < from + in_word && index < run->fresh; index++)
            if (state_get(run, index) == state_sent(run)) {
                state_set(run, index, STATE_FREE);
                block_push(run, index);
            }
    }
}

/* Takes over what other threads have freed. A thread that exchanges a state after this has read it
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
        if (LIKELY(owner == arena)) {
            collect(run);
            run_changed(arena, run);
        } else if (owner) {
            remote_push(run, owner);
        }
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
        __mapping_expire();
        run = __heap_run_alloc(class);
        if (!run)
            return 0;
        __atomic_store_n(&run->arena, arena, __ATOMIC_RELAXED);
        run->filled = __harden_filled();
        run->fast = run->wide || __malloc_harden || __malloc_perturb ? NO_ARENA : arena;
    }
    run->state = RUN_CURRENT;
    run->notice = NULL; /* never */
    if (old != &no_run) {
        old->state = RUN_FULL;
        old->notice = old->stack + 1;
    }
    arena->current[class] = run;
    return 1;
}

/* An orphan, or a new one. */
static struct arena *arena_get(void)
{
    struct arena *arena;

    lock_take(&arenas_lock);
    for (arena = arenas; arena && !__atomic_load_n(&arena->orphan, __ATOMIC_ACQUIRE);
         arena = arena->next)
        ;
    if (arena) {
        __atomic_store_n(&arena->orphan, 0, __ATOMIC_RELAXED);
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

/* What a chunk is worth to a request: its bytes without head and tail. */
static size_t capacity(const struct chunk *chunk)
{
    return chunk_usable(chunk) - sizeof(size_t);
}

/* The first class of chunks that fit a request, from KEPT_SMALLEST to KEPT_LARGEST bytes; *rounded:
 * the capacity of all chunks of the class. */
static unsigned kept_class(size_t size, size_t *rounded)
{
    unsigned power = 63U - (unsigned)__builtin_clzl(size - 1);
    size_t step = (size_t)1 << (power - 3);

    *rounded = (size + step - 1) & -step;
    return 8 * power + (unsigned)(*rounded / step) - 8 * (KEPT_SMALLEST_LOG + 1);
}

static size_t kept_size(unsigned class)
{
    return (size_t)(8 + class % 8) << (KEPT_SMALLEST_LOG + class / 8 - 3);
}

/* What `previous` of a chunk that is kept holds: a write into it is found. */
static struct chunk *chunk_kept_check(const struct chunk *chunk)
{
    return (struct chunk *)(chunk_tail_mask(chunk) ^ (uintptr_t)chunk->next);
}

/* A word that tells a chunk that is kept from one that is not. */
static uintptr_t kept_key(const struct chunk *chunk)
{
    return ~chunk_tail_mask(chunk);
}

int __arena_is_kept(struct chunk *chunk)
{
    return *chunk_tail(chunk) == kept_key(chunk);
}

struct chunk *__arena_kept_take(size_t *size)
{
    struct arena *arena = arena_self();
    unsigned class = kept_class(*size, size);
    struct chunk *chunk;

    if (!arena || !(chunk = arena->kept[class].first))
        return NULL;
    if (UNLIKELY(chunk->previous != chunk_kept_check(chunk)))
        __process_die("heap damaged: freed memory was written to", chunk_memory(chunk));
    arena->kept[class].first = chunk->next;
    arena->kept[class].count--;
    arena->kept_bytes -= *size;
    return chunk;
}

int __arena_keep(struct chunk *chunk)
{
    struct arena *arena = arena_self();
    size_t size = capacity(chunk), rounded;
    unsigned class = kept_class(size, &rounded);

    /* the class whose requests it fits */
    if (rounded > size)
        class -= 1;
    rounded = kept_size(class);
    if (!arena)
        arena = arena_get();
    if (!arena || arena->kept[class].count >= KEPT_COUNT ||
        arena->kept_bytes + rounded > KEPT_BYTES)
        return 0;
    *chunk_tail(chunk) = kept_key(chunk);
    chunk->next = arena->kept[class].first;
    chunk->previous = chunk_kept_check(chunk);
    arena->kept[class].first = chunk;
    arena->kept[class].count++;
    arena->kept_bytes += rounded;
    return 1;
}

/* Releases runs that hold nothing when what other threads have freed is taken over, current ones
 * among them. */
static int runs_flush(struct arena *arena)
{
    int any = 0;

    lock_take(&arena->lock);
    drain(arena);
    for (unsigned class = 0; class < RUN_CLASSES; class ++) {
        struct run *run = arena->current[class];
        if (run == &no_run || run_free(run) < run->fresh)
            continue;
        arena->current[class] = &no_run;
        touched(arena, -(long)run->fresh * run->size);
        __heap_run_free(run);
        any = 1;
    }
    lock_release(&arena->lock);
    return any;
}

int __arena_flush(struct arena *arena)
{
    int any = runs_flush(arena);

    heap_lock();
    for (unsigned class = 0; class < KEPT_CLASSES; class ++) {
        while (arena->kept[class].first) {
            struct chunk *chunk = arena->kept[class].first;
            arena->kept[class].first = chunk->next;
            __heap_free(chunk);
            any = 1;
        }
        arena->kept[class].count = 0;
    }
    arena->kept_bytes = 0;
    heap_unlock();
    return any;
}

int __arena_flush_orphans(void)
{
    int any = 0;

    lock_take(&arenas_lock); /* nobody takes one over meanwhile */
    for (struct arena *arena = arenas; arena; arena = arena->next) {
        if (!__atomic_load_n(&arena->orphan, __ATOMIC_ACQUIRE))
            continue;
        any |= __arena_flush(arena);
    }
    lock_release(&arenas_lock);
    return any;
}

/* Puts the stack into an order that nobody can know. */
static void shuffle(struct run *run)
{
    uint16_t *order = run->stack;

    for (uint32_t i = run_free(run) - 1; i > 0; i--) {
        uint32_t other = __harden_draw(i + 1);
        uint16_t held = order[i];
        order[i] = order[other];
        order[other] = held;
    }
}

/* Puts some more of the blocks that were never used on the stack, which is empty: a page of them.
 * 0: there are none. */
static int extend(struct run *run)
{
    uint32_t count = 4096 / run->size, from = run->fresh;

    if (from == run->count)
        return 0;
    if (count == 0)
        count = 1;
    if (count > run->count - from)
        count = run->count - from;
    touched(run->arena, (long)count * run->size);
    __atomic_store_n(&run->fresh, from + count, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_RELEASE); /* see __arena_fork() */
    for (uint32_t index = from + count; index-- > from;) {
        char *memory = run->blocks + (size_t)index * run->size;
        if (UNLIKELY(run->filled))
            __harden_block_fill(run, memory);
        block_mark(memory);
        block_push(run, index);
    }
    if (UNLIKELY(__malloc_harden & HARDEN_RANDOM))
        shuffle(run);
    return 1;
}

/* Does malloc() find a block in the run now? */
static int has_block(struct run *run)
{
    return run->end != run->stack || extend(run);
}

void *__arena_alloc(unsigned class, size_t size)
{
    struct arena *arena = arena_self();

    if (UNLIKELY(!arena) && !(arena = arena_get()))
        return NULL;
    struct run *run = arena->current[class];
    if (!has_block(run)) {
        lock_take(&arena->lock);
        drain(arena);
        if (!has_block(run))
            run = current_replace(arena, class) && has_block(arena->current[class])
                      ? arena->current[class]
                      : NULL;
        lock_release(&arena->lock);
        if (!run)
            return NULL;
    }
    uint32_t index;
    char *memory = block_take(run, run->end, &index);
    if (UNLIKELY(run->filled))
        __harden_block_check(run, memory);
    return block_hand_out(run, index, memory, size);
}

/* Another thread than the owner frees block `index`. Nonzero: it was freed already. What it needs
 * of the run is read before the exchange: after it the owner may have released the run. */
static int send(struct run *run, uint32_t index)
{
    struct arena *arena = run->arena;
    unsigned sent = state_sent(run), before;

    if (run->wide)
        before = __atomic_exchange_n((uint16_t *)(void *)run->states + index, (uint16_t)sent,
                                     __ATOMIC_SEQ_CST);
    else
        before = __atomic_exchange_n(run->states + index, (uint8_t)sent, __ATOMIC_SEQ_CST);
    if (before == sent)
        return 1;
    remote_push(run, arena);
    return 0;
}

void __arena_release(const struct pending *freed)
{
    struct run *run = freed->run;
    char *memory = freed->memory;

    if (UNLIKELY(freed->size < run->size && (unsigned char)memory[freed->size] != block_guard()))
        __block_die_end(memory);
    if (run->arena != arena_self()) {
        block_mark(memory);
        if (UNLIKELY(send(run, freed->index)))
            __block_die_twice(memory);
    } else if (block_give(run, freed->index, memory)) {
        __arena_notice(run);
    }
}

void __arena_settle(struct arena *arena)
{
    for (unsigned i = 0; i < PENDING; i++) {
        struct pending pending = arena->pending[i];
        arena->pending[i].run = NULL;
        if (pending.run)
            __arena_release(&pending);
    }
}

void __arena_notice(struct run *run)
{
    struct arena *arena = run->arena;

    lock_take(&arena->lock);
    run_changed(arena, run);
    lock_release(&arena->lock);
}

void __malloc_thread_end(void)
{
    struct arena *arena = arena_self();

    if (!arena)
        return;
    __arena_settle(arena);
    arena_self() = NULL;
    __arena_flush(arena);
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
        if (when == 2 && arena != arena_self()) {
            /* Its thread may have been in the midst of writing to any of these. With runs it may
             * have been, too, between two stores: their order (block_push(), extend()) is such that
             * a block is lost then at worst, and none is on the stack twice. */
            memset(arena->pending, 0, sizeof arena->pending);
            memset(arena->kept, 0, sizeof arena->kept);
            arena->kept_bytes = 0;
            arena->orphan = 1;
        }
    }
    if (when != 0)
        lock_release(&arenas_lock);
}

void __arena_figures(struct malloc_figures *figures)
{
    lock_take(&arenas_lock);
    for (const struct arena *arena = arenas; arena; arena = arena->next) {
        figures->arenas++;
        figures->orphans += __atomic_load_n(&arena->orphan, __ATOMIC_RELAXED) != 0;
        for (unsigned class = 0; class < KEPT_CLASSES; class ++)
            figures->kept.count += __atomic_load_n(&arena->kept[class].count, __ATOMIC_RELAXED);
        figures->kept.bytes += __atomic_load_n(&arena->kept_bytes, __ATOMIC_RELAXED);
    }
    lock_release(&arenas_lock);
}
