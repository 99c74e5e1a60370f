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
HIDDEN uintptr_t __malloc_secret, __malloc_mask;

/* The secret: bytes that the kernel chose for this process, and not those that the stack's canary
 * is made of (getauxval(3), AT_RANDOM: 16 bytes). */
void __malloc_secret_make(void)
{
    const char *random = (const char *)__process_auxv(AT_RANDOM);

    if (random)
        memcpy(&__malloc_secret, random + 8, sizeof __malloc_secret);
    __malloc_secret |= 1;
    __malloc_mask = __malloc_secret * 0xD1342543DE82EF95UL;
    __malloc_mask = (__malloc_mask ^ __malloc_mask >> 32) * 0xDABA0B6EB09322E3UL;
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
                                .map.low = (uintptr_t)start & -RUN_UNIT};
    segments = segment;
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
    segment_open(map, map + size, 1);
    return 1;
}

/* Cuts `size` bytes from the front of a free chunk that is in no bin; the rest is free, and put
 * away. */
static void cut(struct chunk *chunk, size_t size)
{
    size_t whole = chunk_size(chunk), prev_in_use = chunk->head & CHUNK_PREV_IN_USE;
    struct chunk *rest = chunk_at(chunk, size);

    if (whole - size < CHUNK_SMALLEST) {
        chunk_set(chunk, whole, prev_in_use | CHUNK_USED);
        chunk_after(chunk)->head |= CHUNK_PREV_IN_USE;
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
    chunk_set(chunk, size, (chunk->head & CHUNK_PREV_IN_USE) | CHUNK_USED);
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
    segment->end = end;
    segment_close(segment);
    top_set(top, size);
    return 1;
}

void __heap_free(struct chunk *chunk)
{
    size_t size = chunk_size(chunk), prev_in_use = chunk->head & CHUNK_PREV_IN_USE;
    struct chunk *after = chunk_after(chunk);
    int is_top = 0;

    chunk_verify(after);
    chunk_set(chunk, size, prev_in_use); /* what is still there when it is freed again */
    if (!(after->head & CHUNK_USED)) {
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
    after->head &= ~CHUNK_PREV_IN_USE;
    if (!arena_return(chunk))
        __bins_add(chunk);
}

int __heap_resize(struct chunk *chunk, size_t size)
{
    struct chunk *after = chunk_after(chunk);
    chunk_verify(after);
    size_t whole = chunk_size(chunk), flags = chunk->head & (CHUNK_USED | CHUNK_PREV_IN_USE);

    if (whole < size) {
        size_t joined = whole + chunk_size(after);
        if (after->head & CHUNK_USED || joined < size + (after == top ? CHUNK_SMALLEST : 0))
            return 0;
        if (after == top) {
            chunk_set(chunk, size, flags);
            top_set(chunk_at(chunk, size), joined - size);
            return 1;
        }
        neighbour_merge(after);
        chunk_set(chunk, joined, flags);
        chunk_after(chunk)->head |= CHUNK_PREV_IN_USE;
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
        chunk_set(chunk, front, chunk->head & (CHUNK_USED | CHUNK_PREV_IN_USE));
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

/* Makes room in a segment's table for the units up to `end`. Threads read the table without the
 * lock, so the old one stays as it is: tables double, and all of them together are no longer than
 * the last. */
static int map_grow(struct segment *segment, const char *end)
{
    struct run_map *map = &segment->map;
    size_t units = ((uintptr_t)end - map->low + RUN_UNIT - 1) >> RUN_UNIT_LOG,
           room = map->span >> RUN_UNIT_LOG;
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
        memcpy(runs, map->runs, (map->span >> RUN_UNIT_LOG) * sizeof(struct run *));
    map->runs = runs;
    map->span = room << RUN_UNIT_LOG;
    if (!__run_map.runs || __run_map.low == map->low) {
        __run_map.low = map->low;
        __run_map.end = (uintptr_t)segment->end;
        __atomic_store_n(&__run_map.runs, runs, __ATOMIC_RELEASE);
        __atomic_store_n(&__run_map.span, map->span, __ATOMIC_RELEASE);
    }
    return 1;
}

/* The chunks of released runs, by length; and structs without one. */
enum { LENGTHS = 2, UNITS_SHORT = 1, UNITS_LONG = 4, KEPT_MOST = 32, SHORT_LARGEST = RUN_TAGGED };
static struct run *kept[LENGTHS], *unused;
static unsigned kept_count[LENGTHS];

static void map_set(struct run *run, struct run *value)
{
    char *memory = (char *)((uintptr_t)run->blocks & -RUN_UNIT);
    struct segment *segment = segment_of(memory);
    size_t unit = ((uintptr_t)memory - segment->map.low) >> RUN_UNIT_LOG;

    for (unsigned i = 0; i < run->units; i++)
        segment->map.runs[unit + i] = value;
}

static struct run *run_make(unsigned units)
{
    struct run *run = unused;
    struct chunk *chunk;
    struct segment *segment;
    size_t size = units * RUN_UNIT;

    if (run)
        unused = run->next;
    else if (!(run = raw_alloc(sizeof *run)))
        return NULL;
    chunk = __bins_alloc_aligned(size, RUN_UNIT);
    if (chunk) {
        cut(chunk, size);
    } else {
        chunk = __heap_alloc_aligned(size, RUN_UNIT);
    }
    if (chunk) {
        char *memory = chunk_memory(chunk);
        segment = segment_of(memory);
        if (map_grow(segment, memory + size)) {
            run->blocks = memory;
            run->units = (uint8_t)units;
            return run;
        }
        __heap_free(chunk);
    }
    run->next = unused;
    unused = run;
    return NULL;
}

/* Where the first block is varies by some cache lines from run to run: the same block of each would
 * be in the same set of the cache otherwise. */
struct run *__heap_run_alloc(unsigned class)
{
    static unsigned turn;
    unsigned size = __run_size[class], units = size <= SHORT_LARGEST ? UNITS_SHORT : UNITS_LONG;
    struct run *run;

    heap_lock();
    run = kept[units == UNITS_LONG];
    if (run) {
        kept[units == UNITS_LONG] = run->next;
        kept_count[units == UNITS_LONG]--;
    } else {
        run = run_make(units);
    }
    if (run) {
        size_t room = units * RUN_UNIT - sizeof(size_t), shift = turn++ % 4 * 64;
        if ((room - 192) / size < room / size && size > 256)
            shift = 0;
        else
            room -= 192;
        run->blocks = (char *)((uintptr_t)run->blocks & -RUN_UNIT) + shift;
        run->size = size;
        run->reciprocal = (uint32_t)(((uint64_t)1 << 32) / size + 1);
        run->count = (uint32_t)(room / size);
        run->used = 0;
        run->class = (uint8_t) class;
        run->tagged = size <= RUN_TAGGED;
        run->virgin = run->blocks;
        run->word = run->ready;
        run->word_blocks = run->blocks;
        for (unsigned i = 0; i < RUN_WORDS; i++) {
            unsigned left = run->count > i * 64 ? run->count - i * 64 : 0;
            run->ready[i] = left >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << left) - 1;
        }
        map_set(run, run);
    }
    heap_unlock();
    return run;
}

void __heap_run_free(struct run *run)
{
    unsigned length = run->units == UNITS_LONG;

    heap_lock();
    map_set(run, NULL);
    __atomic_store_n(&run->arena, NULL, __ATOMIC_RELAXED);
    if (kept_count[length] < KEPT_MOST) {
        run->next = kept[length];
        kept[length] = run;
        kept_count[length]++;
    } else {
        __heap_free(chunk_of((void *)((uintptr_t)run->blocks & -RUN_UNIT)));
        run->next = unused;
        unused = run;
    }
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
            run = segment->map.runs[offset >> RUN_UNIT_LOG];
    }
    heap_unlock();
    return run;
}
