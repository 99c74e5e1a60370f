/* Segments of memory from the kernel, cut into chunks.
 *
 * A segment is a stretch of the break, or a mapping when the break cannot grow (something is in its
 * way, or RLIMIT_DATA is reached).  It begins with a `struct segment` and ends with a chunk head of
 * size 0 that is marked used, so that no chunk at either end needs to be told apart.  One chunk is
 * special: the top, the free chunk at the end of the newest segment. It is in no bin, and what
 * nothing else satisfies is cut from it. */
#include "heap.h"
#include "bins.h"
#include "block.h"
#include "process.h"
#include "report.h"
#include "stats.h"
#include "syscall.h"
#include <string.h>
#include <sys/mman.h>

enum { ARENA = 1 << 20 }; /* the least that is mapped where the break cannot grow, bytes */

struct segment {
    _Alignas(16) struct segment *next; /* the first chunk follows the structure */
    char *end;
    struct run_map map; /* the runs in it; low is the segment's start, rounded down */
    int mapped;         /* not from the break */
};

HIDDEN size_t __heap_top_pad = 128 << 10, __heap_trim_threshold = 256 << 10;

static struct segment *segments; /* newest first */
static struct chunk *top;        /* in segments, or NULL; free, without a bin */
static size_t arena_size = ARENA;
static size_t trim_step = 1; /* __heap_trim_threshold is multiplied by it */
static int trimmed;          /* since the heap last grew */

HIDDEN lock_t __heap_lock_word;
HIDDEN struct run_map __run_map;
HIDDEN uintptr_t __malloc_secret, __malloc_mark;

/* The secret: bytes that the kernel chose for this process, and not those that the stack's canary
 * is made of (getauxval(3), AT_RANDOM: 16 bytes). The mark, which whoever reads a freed block
 * sees, must not tell the secret: it is the exclusive or of the secret and of a permutation of
 * it, which has no inverse. */
void __malloc_secret_make(void)
{
    const char *random = (const char *)__process_auxv(AT_RANDOM);

    if (random)
        memcpy(&__malloc_secret, random + 8, sizeof __malloc_secret);
    __malloc_secret |= 1;
    uintptr_t mixed = __malloc_secret;
    for (int round = 0; round < 4; round++) {
        mixed = (mixed ^ mixed >> 32) * 0xD1342543DE82EF95UL;
        mixed = (mixed ^ mixed >> 29) * 0xDABA0B6EB09322E3UL;
    }
    __malloc_mark = (mixed ^ __malloc_secret) | 0x80;
}

static char *break_set(void *end)
{
    return (char *)sys_call(SYS_brk, end);
}

int __heap_has(const void *address)
{
    for (const struct segment *segment = segments; segment; segment = segment->next)
        if ((const char *)address > (const char *)segment &&
            (const char *)address < segment->end - CHUNK_HEADER)
            return 1;
    return 0;
}

/* The head after the last chunk of a segment: used, so that nothing joins with it. */
static void segment_close(struct segment *segment)
{
    struct chunk *last = (struct chunk *)(segment->end - CHUNK_HEADER);

    if (segment->map.low == __run_map.low)
        __atomic_store_n(&__run_map.end, (uintptr_t)segment->end, __ATOMIC_RELAXED);
    chunk_set(last, 0, CHUNK_USED);
}

/* The old top is a free chunk like any other now. */
static void top_retire(void)
{
    if (top && chunk_size(top) >= CHUNK_SMALLEST)
        __bins_add(top);
    top = NULL;
}

static void top_set(struct chunk *chunk, size_t size)
{
    top = chunk;
    chunk_set(chunk, size, CHUNK_PREV_IN_USE);
    chunk_at(chunk, size)->prev_size = size;
}

/* `start` is 16-byte aligned. */
static void segment_open(char *start, char *end, int mapped)
{
    struct segment *segment = (struct segment *)start;

    *segment = (struct segment){.next = segments,
                                .end = end,
                                .mapped = mapped,
                                .map.low = (uintptr_t)start & -RUN_BYTES};
    segments = segment;
    if (!__run_map.low)
        __atomic_store_n(&__run_map.low, segment->map.low, __ATOMIC_RELAXED);
    top_retire();
    segment_close(segment);
    top_set((struct chunk *)(segment + 1), (size_t)(end - start) - sizeof *segment - CHUNK_HEADER);
}

/* The segment that ends at the break, or NULL; only the newest of those can. */
static struct segment *break_segment(void)
{
    struct segment *segment = segments;

    while (segment && segment->mapped)
        segment = segment->next;
    return segment;
}

/* From the break, `size` bytes or more: the segment that is there grows, or a new one begins if
 * there is none or someone else has moved the break. 0 if the kernel refuses. */
static int grow_break(size_t size)
{
    char *now = break_set(NULL), *end;
    struct segment *segment = break_segment();
    int grows = segment && segment->end == now && top && segment == segments;
    if (grows)
        size -= size < chunk_size(top) ? size : chunk_size(top);
    uintptr_t start = ((uintptr_t)now + 15) & ~(uintptr_t)15;

    /* A heap that grows soon after it was trimmed keeps twice as much the next time. */
    if (trimmed && trim_step < 256)
        trim_step *= 2;
    trimmed = 0;
    /* With the reserve, or without if there is not so much. */
    end = (char *)page_round(start + size + __heap_top_pad);
    if (end <= now || break_set(end) != end) {
        end = (char *)page_round(start + size);
        if (break_set(end) != end)
            return 0;
    }
    report(ALLOCATION_BREAK, end, (size_t)(end - now));
    if (!grows) {
        segment_open((char *)start, end, 0);
        return 1;
    }
    segment->end = end;
    segment_close(segment);
    top_set(top, chunk_size(top) + (size_t)(end - now));
    return 1;
}

static int grow_mapping(size_t size)
{
    char *map;

    size = page_round(size);
    if (size < arena_size)
        size = arena_size;
    map = (char *)sys_call(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if ((unsigned long)map > -4096UL)
        return 0;
    if (arena_size < (size_t)64 << 20)
        arena_size *= 2; /* so that the list of segments stays short */
    report(ALLOCATION_MAP, map, size);
    segment_open(map, map + size, 1);
    return 1;
}

/* Cuts `size` bytes from the front of a free chunk that is in no bin; the rest is free, and put
 * away. */
static void cut(struct chunk *chunk, size_t size)
{
    size_t whole = chunk_size(chunk), prev_in_use = chunk_head(chunk) & CHUNK_PREV_IN_USE;
    struct chunk *rest = chunk_at(chunk, size);

    if (whole - size < CHUNK_SMALLEST) {
        chunk_set(chunk, whole, prev_in_use | CHUNK_USED);
        chunk_set_prev_in_use(chunk_after(chunk), CHUNK_PREV_IN_USE);
        return;
    }
    chunk_set(chunk, size, prev_in_use | CHUNK_USED);
    chunk_set(rest, whole - size, CHUNK_PREV_IN_USE);
    chunk_after(rest)->prev_size = whole - size;
    __bins_add(rest);
}

struct chunk *__heap_alloc(size_t size)
{
    struct chunk *chunk;

    if (top)
        chunk_verify(top);
    chunk = __bins_alloc(size);
    if (chunk) {
        cut(chunk, size);
        return chunk;
    }
    /* The top keeps the smallest chunk, so that there always is one. */
    while (!top || chunk_size(top) < size + CHUNK_SMALLEST)
        if (!grow_break(size + CHUNK_SMALLEST + sizeof(struct segment) + CHUNK_HEADER) &&
            !grow_mapping(size + CHUNK_SMALLEST + sizeof(struct segment) + CHUNK_HEADER))
            return NULL;
    chunk = top;
    size_t rest = chunk_size(top) - size;
    chunk_set(chunk, size, (chunk_head(chunk) & CHUNK_PREV_IN_USE) | CHUNK_USED);
    top_set(chunk_at(chunk, size), rest);
    return chunk;
}

/* Takes a free neighbour out of its bin to be joined; the top is in none. */
static void neighbour_merge(struct chunk *chunk)
{
    if (chunk == top)
        top = NULL;
    else
        __bins_remove(chunk);
}

/* A mapping that holds nothing but one free chunk goes back. */
static int arena_return(struct chunk *chunk)
{
    struct segment **link = &segments, *segment;

    while ((segment = *link) != NULL && (struct chunk *)(segment + 1) != chunk)
        link = &segment->next;
    if (!segment || !segment->mapped || (char *)chunk_after(chunk) != segment->end - CHUNK_HEADER)
        return 0;
    *link = segment->next;
    report(ALLOCATION_UNMAP, segment, (size_t)(segment->end - (char *)segment));
    sys_call(SYS_munmap, segment, segment->end - (char *)segment);
    return 1;
}

int __heap_trim(size_t pad)
{
    struct segment *segment = break_segment();
    size_t size, keep;

    if (!top || !segment || segment != segments || break_set(NULL) != segment->end)
        return 0;
    size = chunk_size(top);
    keep = pad + CHUNK_SMALLEST;
    if (size < keep + __process.page)
        return 0;
    char *end = segment->end - ((size - keep) & -__process.page);
    size -= (size_t)(segment->end - end);
    if (break_set(end) != end)
        return 0;
    report(ALLOCATION_TRIM, end, (size_t)(segment->end - end));
    segment->end = end;
    segment_close(segment);
    top_set(top, size);
    return 1;
}

int __heap_pages_free(void)
{
    int any = 0;

    for (const struct segment *segment = segments; segment; segment = segment->next) {
        struct chunk *chunk = (struct chunk *)(segment + 1);
        for (; chunk_size(chunk) > 0; chunk = chunk_after(chunk)) {
            if (chunk_head(chunk) & CHUNK_USED || chunk == top)
                continue;
            /* its head and links, and its size behind it, stay */
            uintptr_t from = page_round((uintptr_t)(chunk + 1)),
                      to = (uintptr_t)chunk_after(chunk) & -__process.page;
            if (from >= to)
                continue;
            report(ALLOCATION_ADVISE, (const void *)from, to - from);
            any |= sys_call(SYS_madvise, from, to - from, MADV_DONTNEED) == 0;
        }
    }
    return any;
}

void __heap_free(struct chunk *chunk)
{
    size_t size = chunk_size(chunk), prev_in_use = chunk_head(chunk) & CHUNK_PREV_IN_USE;
    struct chunk *after = chunk_after(chunk);
    int is_top = 0;

    chunk_verify(after);
    chunk_set(chunk, size, prev_in_use); /* what is still there when it is freed again */
    if (!(chunk_head(after) & CHUNK_USED)) {
        is_top = after == top;
        size += chunk_size(after);
        neighbour_merge(after);
    }
    if (!prev_in_use) {
        struct chunk *prev = chunk_at(chunk, -chunk->prev_size);
        chunk_verify(prev);
        if (chunk_size(prev) != chunk->prev_size)
            __process_die("heap damaged: memory was written beyond its end, in front of", chunk);
        neighbour_merge(prev);
        size += chunk_size(prev);
        chunk = prev;
    }
    if (is_top) {
        top_set(chunk, size);
        if (size / trim_step > __heap_trim_threshold)
            trimmed = __heap_trim(__heap_top_pad * trim_step / 2 + __heap_top_pad);
        return;
    }
    chunk_set(chunk, size, CHUNK_PREV_IN_USE);
    after = chunk_after(chunk);
    after->prev_size = size;
    chunk_set_prev_in_use(after, 0);
    if (!arena_return(chunk))
        __bins_add(chunk);
}

int __heap_resize(struct chunk *chunk, size_t size)
{
    struct chunk *after = chunk_after(chunk);
    chunk_verify(after);
    size_t whole = chunk_size(chunk), flags = chunk_head(chunk) & (CHUNK_USED | CHUNK_PREV_IN_USE);

    if (whole < size) {
        size_t joined = whole + chunk_size(after);
        if (chunk_head(after) & CHUNK_USED || joined < size + (after == top ? CHUNK_SMALLEST : 0))
            return 0;
        if (after == top) {
            chunk_set(chunk, size, flags);
            top_set(chunk_at(chunk, size), joined - size);
            return 1;
        }
        neighbour_merge(after);
        chunk_set(chunk, joined, flags);
        chunk_set_prev_in_use(chunk_after(chunk), CHUNK_PREV_IN_USE);
        whole = joined;
    }
    if (whole - size >= CHUNK_SMALLEST) {
        struct chunk *rest = chunk_at(chunk, size);
        chunk_set(chunk, size, flags);
        chunk_set(rest, whole - size, CHUNK_USED | CHUNK_PREV_IN_USE);
        __heap_free(rest);
    }
    return 1;
}

struct chunk *__heap_alloc_aligned(size_t size, size_t align)
{
    struct chunk *chunk = __heap_alloc(size + align + CHUNK_SMALLEST);
    if (!chunk)
        return NULL;
    uintptr_t memory = (uintptr_t)chunk_memory(chunk);
    if (memory & (align - 1)) {
        memory = (memory + CHUNK_SMALLEST + align - 1) & -align;
        struct chunk *aligned = chunk_of((void *)memory);
        size_t front = (size_t)((char *)aligned - (char *)chunk);
        chunk_set(aligned, chunk_size(chunk) - front, CHUNK_USED | CHUNK_PREV_IN_USE);
        chunk_set(chunk, front, chunk_head(chunk) & (CHUNK_USED | CHUNK_PREV_IN_USE));
        __heap_free(chunk);
        chunk = aligned;
    }
    __heap_resize(chunk, size);
    return chunk;
}

static void *raw_alloc(size_t size)
{
    struct chunk *chunk = __heap_alloc(chunk_size_for(size));

    return chunk ? memset(chunk_memory(chunk), 0, size) : NULL;
}

void *__heap_raw_alloc(size_t size)
{
    heap_lock();
    void *memory = raw_alloc(size);
    heap_unlock();
    return memory;
}

static struct segment *segment_of(const void *address)
{
    struct segment *segment = segments;

    while (segment &&
           ((const char *)address < (const char *)segment || (const char *)address >= segment->end))
        segment = segment->next;
    return segment;
}

/* Makes room in a segment's table for runs up to `end`. Threads read the table without the
 * lock, so the old one stays as it is: tables double, and all of them together are no longer than
 * the last. */
static int map_grow(struct segment *segment, const char *end)
{
    struct run_map *map = &segment->map;
    size_t units = ((uintptr_t)end - map->low + RUN_BYTES - 1) >> RUN_BYTES_LOG,
           room = map->span >> RUN_BYTES_LOG;
    struct run **runs;

    if (units <= room)
        return 1;
    room = room ? room : 256;
    while (room < units)
        room *= 2;
    runs = raw_alloc(room * sizeof(struct run *));
    if (!runs)
        return 0;
    if (map->span)
        memcpy(runs, map->runs, (map->span >> RUN_BYTES_LOG) * sizeof(struct run *));
    map->runs = runs;
    map->span = room << RUN_BYTES_LOG;
    if (__run_map.low == map->low) {
        __atomic_store_n(&__run_map.runs, runs, __ATOMIC_RELEASE);
        __atomic_store_n(&__run_map.span, map->span, __ATOMIC_RELEASE);
    }
    return 1;
}

/* Chunks of released runs. */
enum { KEPT_MOST = 8 };
static struct chunk *kept;
static unsigned kept_count;

static void map_set(const char *memory, struct run *run)
{
    struct segment *segment = segment_of(memory);

    __atomic_store_n(&segment->map.runs[((uintptr_t)memory - segment->map.low) >> RUN_BYTES_LOG],
                     run, __ATOMIC_RELAXED);
}

/* RUN_BYTES of the heap at a multiple of that, with a place in the segment's table; NULL: no
 * memory. */
static struct chunk *bytes_alloc(void)
{
    struct chunk *chunk = kept;

    if (chunk) {
        kept = chunk->next;
        kept_count--;
        return chunk;
    }
    chunk = __bins_alloc_aligned(RUN_BYTES, RUN_BYTES);
    if (chunk)
        cut(chunk, RUN_BYTES);
    else
        chunk = __heap_alloc_aligned(RUN_BYTES, RUN_BYTES);
    if (chunk && !map_grow(segment_of(chunk), (char *)chunk_memory(chunk) + RUN_BYTES)) {
        __heap_free(chunk);
        chunk = NULL;
    }
    return chunk;
}

static void bytes_free(struct chunk *chunk)
{
    if (kept_count == KEPT_MOST) {
        __heap_free(chunk);
        return;
    }
    chunk->next = kept;
    kept = chunk;
    kept_count++;
}

int __heap_flush(void)
{
    int any = kept != NULL;

    while (kept) {
        struct chunk *chunk = kept;
        kept = chunk->next;
        __heap_free(chunk);
    }
    kept_count = 0;
    return any;
}

/* Structures without a run. They are never used for anything else than a run of the class, because
 * a thread may still be about to put one on a list (arena.c, drain()). New ones are cut from a
 * chunk of the heap, so that they do not lie between runs. */
enum { STRUCTURES = 64 << 10 };
static struct run *unused[RUN_CLASSES];
static char *structures, *structures_end;

/* `cleared` of its `size` bytes are 0. */
static struct run *struct_alloc(unsigned class, size_t cleared, size_t size)
{
    struct run *run = unused[class];

    if (run) {
        unused[class] = run->next;
        return run;
    }
    size = (size + _Alignof(struct run) - 1) & -_Alignof(struct run);
    if ((size_t)(structures_end - structures) < size) {
        struct chunk *chunk =
            __heap_alloc_aligned(chunk_size_for(STRUCTURES), _Alignof(struct run));
        if (!chunk)
            return NULL;
        structures = chunk_memory(chunk);
        structures_end = structures + STRUCTURES;
    }
    run = (struct run *)(void *)structures;
    structures += size;
    memset(run, 0, cleared);
    run->class = (uint8_t) class;
    return run;
}

static void struct_free(struct run *run)
{
    run->next = unused[run->class];
    unused[run->class] = run;
}

/* The place of the first block varies by some cache lines from run to run; otherwise the same block
 * of each run would be in the same set of the cache. */
static size_t shift_next(size_t room, size_t size)
{
    static unsigned turn;
    enum { LINE = 64, SHIFTS = 4 };

    if ((room - (SHIFTS - 1) * LINE) / size < room / size && size > 256)
        return 0;
    return turn++ % SHIFTS * LINE;
}

struct run *__heap_run_alloc(unsigned class)
{
    unsigned size = __run_size[class], wide = size > RUN_NARROW;
    size_t bytes = RUN_BYTES - sizeof(size_t),
           most = bytes / size; /* blocks: of any run of the class */
    size_t states = (((RUN_BYTES / size + 1) << wide) + 1) & -(size_t)2;

    heap_lock();
    struct run *run =
        struct_alloc(class, sizeof *run + states, sizeof *run + states + most * sizeof(uint16_t));
    struct chunk *chunk = run ? bytes_alloc() : NULL;
    if (chunk) {
        char *memory = chunk_memory(chunk);
        size_t shift = shift_next(bytes, size), count = (bytes - shift) / size;
        run->blocks = memory + shift;
        run->size = size;
        run->reciprocal = (uint32_t)(((uint64_t)1 << 32) / size + 1);
        run->count = (uint32_t)count;
        run->wide = (uint8_t)wide;
        run->fresh = 0;
        run->stack = run->end = (uint16_t *)(void *)(run->states + states);
        map_set(memory, run);
        report(ALLOCATION_RUN, memory, size);
    } else if (run) {
        struct_free(run);
        run = NULL;
    }
    heap_unlock();
    return run;
}

void __heap_run_free(struct run *run)
{
    char *memory = (char *)((uintptr_t)run->blocks & -RUN_BYTES);

    heap_lock();
    map_set(memory, NULL);
    report(ALLOCATION_RELEASE, memory, run->size);
    __atomic_store_n(&run->arena, NULL, __ATOMIC_RELAXED);
    bytes_free(chunk_of(memory));
    struct_free(run);
    heap_unlock();
}

struct run *__heap_run(const void *address)
{
    heap_lock();
    struct segment *segment = segment_of(address);
    struct run *run = NULL;
    if (segment) {
        size_t offset = (uintptr_t)address - segment->map.low;
        if (offset < segment->map.span)
            run = segment->map.runs[offset >> RUN_BYTES_LOG];
    }
    heap_unlock();
    return run;
}

void __heap_each_run(void (*visit)(struct run *run, void *context), void *context)
{
    for (const struct segment *segment = segments; segment; segment = segment->next)
        for (size_t i = 0; i < segment->map.span >> RUN_BYTES_LOG; i++)
            if (segment->map.runs[i])
                visit(segment->map.runs[i], context);
}

/* Walks all chunks and runs of all segments. Owners may change their runs meanwhile: figures of
 * runs are those of a moment, each. */
void __heap_figures(struct malloc_figures *figures)
{
    heap_lock();
    for (const struct segment *segment = segments; segment; segment = segment->next) {
        figures->segments++;
        figures->mapped_segments += segment->mapped != 0;
        figures->heap += (size_t)(segment->end - (const char *)segment);
        struct chunk *chunk = (struct chunk *)(segment + 1);
        for (; chunk_size(chunk) > 0; chunk = chunk_after(chunk)) {
            chunk_verify(chunk);
            size_t size = chunk_size(chunk);
            struct malloc_counts *counts = chunk_head(chunk) & CHUNK_USED ? &figures->used_chunks
                                                                          : &figures->free_chunks;
            if (chunk == top) {
                figures->top = size;
                continue;
            }
            counts->count++;
            counts->bytes += size;
            if (counts == &figures->free_chunks) {
                unsigned bin = 63U - (unsigned)__builtin_clzl(size);
                figures->bins[bin].count++;
                figures->bins[bin].bytes += size;
            }
        }
    }
    figures->spare_runs.count = kept_count;
    figures->spare_runs.bytes = kept_count * RUN_BYTES;
    for (const struct segment *segment = segments; segment; segment = segment->next)
        for (size_t i = 0; i < segment->map.span >> RUN_BYTES_LOG; i++) {
            const struct run *run = segment->map.runs[i];
            if (!run)
                continue;
            uint32_t free = (uint32_t)(__atomic_load_n(&run->end, __ATOMIC_RELAXED) - run->stack);
            uint32_t fresh = run->count - __atomic_load_n(&run->fresh, __ATOMIC_RELAXED);
            figures->classes[run->class].runs++;
            figures->classes[run->class].free += free;
            figures->classes[run->class].fresh += fresh;
            figures->classes[run->class].used += run->count - free - fresh;
        }
    heap_unlock();
}
