#include "mapping.h"
#include "heap.h"
#include "process.h"
#include "report.h"
#include "stats.h"
#include "syscall.h"
#include <sys/mman.h>
#include <time.h>

int __clock_gettime(clockid_t clock, struct timespec *to);

/* In front of the memory: the request's size (chunk_tail()), and `prev_size` and `head` of a chunk.
 */
enum { HEADER = 32, FRONT = HEADER - CHUNK_HEADER };

/* What is kept: so many, so many bytes, for so long after it was freed. */
enum { KEPT_MOST = 64, KEPT_BYTES = 64 << 20, KEPT_SPARE = 4 << 20, KEPT_MILLISECONDS = 250 };

static struct kept {
    char *map;
    size_t length;
    long freed;    /* milliseconds */
} kept[KEPT_MOST]; /* oldest first */
static unsigned kept_count;
static size_t kept_bytes, used_bytes, used_count; /* used: mappings that the program has */
static lock_t kept_lock;

/* Addresses, and 1, of chunks that the program has, as many as find a place: their heads may be
 * read without asking the kernel first. */
enum { LIVE = 512, LIVE_PROBES = 4 };
static uintptr_t live[LIVE];

static uintptr_t *live_place(const struct chunk *chunk, unsigned probe)
{
    size_t hash = ((uintptr_t)chunk >> 12) * 0x9E3779B97F4A7C15UL >> 55;

    return &live[(hash + probe) % LIVE];
}

static void live_add(const struct chunk *chunk)
{
    for (unsigned i = 0; i < LIVE_PROBES; i++) {
        uintptr_t none = 0;
        if (__atomic_compare_exchange_n(live_place(chunk, i), &none, (uintptr_t)chunk + 1, 0,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            return;
    }
}

static void live_remove(const struct chunk *chunk)
{
    for (unsigned i = 0; i < LIVE_PROBES; i++) {
        uintptr_t *place = live_place(chunk, i);
        if (__atomic_load_n(place, __ATOMIC_RELAXED) == (uintptr_t)chunk + 1)
            __atomic_store_n(place, 0, __ATOMIC_RELEASE);
    }
}

int __mapping_is_live(const struct chunk *chunk)
{
    for (unsigned i = 0; i < LIVE_PROBES; i++)
        if (__atomic_load_n(live_place(chunk, i), __ATOMIC_ACQUIRE) == (uintptr_t)chunk + 1)
            return 1;
    return 0;
}

static long milliseconds(void)
{
    struct timespec now;

    __clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct kept kept_remove(unsigned i)
{
    struct kept removed = kept[i];

    kept_bytes -= removed.length;
    __atomic_store_n(&kept_count, kept_count - 1, __ATOMIC_RELAXED);
    for (; i < kept_count; i++)
        kept[i] = kept[i + 1];
    return removed;
}

static void kept_drop(unsigned i)
{
    struct kept dropped = kept_remove(i);

    report(ALLOCATION_UNMAP, dropped.map, dropped.length);
    sys_call(SYS_munmap, dropped.map, dropped.length);
}

/* The shortest that is long enough, or else the longest that is half as long; kept_count: none. */
static unsigned kept_find(size_t length)
{
    unsigned found = kept_count;

    for (unsigned i = 0; i < kept_count; i++) {
        if (kept[i].length < length / 2)
            continue;
        int fits = kept[i].length >= length, best = found == kept_count;
        if (!best && fits == (kept[found].length >= length))
            best = fits ? kept[i].length < kept[found].length : kept[i].length > kept[found].length;
        else if (!best)
            best = fits;
        if (best)
            found = i;
    }
    return found;
}

/* With the lock. */
static void kept_expire(void)
{
    long now = milliseconds();

    while (kept_count && now - kept[0].freed > KEPT_MILLISECONDS)
        kept_drop(0);
}

void __mapping_expire(void)
{
    if (LIKELY(!__atomic_load_n(&kept_count, __ATOMIC_RELAXED)))
        return;
    lock_take(&kept_lock);
    kept_expire();
    lock_release(&kept_lock);
}

/* A mapping that is kept, of *length bytes or a little more; NULL: none. The kernel adds what is
 * missing, and takes what is much too long: the other pages are there, which is what takes its
 * time. */
static char *kept_take(size_t *length)
{
    struct kept taken = {0};

    if (!__atomic_load_n(&kept_count, __ATOMIC_RELAXED))
        return NULL;
    lock_take(&kept_lock);
    kept_expire();
    unsigned found = kept_find(*length);
    if (found < kept_count)
        taken = kept_remove(found);
    lock_release(&kept_lock);
    if (!taken.map)
        return NULL;
    if (taken.length < *length || taken.length > 3 * *length) {
        char *changed =
            (char *)sys_call(SYS_mremap, taken.map, taken.length, *length, MREMAP_MAYMOVE);
        if (sys_failed((long)changed)) {
            sys_call(SYS_munmap, taken.map, taken.length);
            return NULL;
        }
        report(ALLOCATION_REMAP, changed, *length);
        return changed;
    }
    *length = taken.length;
    report(ALLOCATION_REUSE, taken.map, taken.length);
    return taken.map;
}

static char *map_pages(size_t length)
{
    char *map = (char *)sys_call(SYS_mmap, NULL, length, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return sys_failed((long)map) ? NULL : map;
}

/* What alignment leaves over at either side is given back, page by page. */
struct chunk *__mapping_alloc(size_t size, size_t align, int *fresh)
{
    size_t slack = align > 16 ? align : 0, length = page_round(size + HEADER + slack);
    char *map = slack ? NULL : kept_take(&length);
    uintptr_t memory;

    *fresh = !map;
    if (!map)
        map = map_pages(length);
    if (!map)
        return NULL;
    memory = ((uintptr_t)map + HEADER + align - 1) & -align;
    if (slack) {
        char *first = (char *)((memory - HEADER) & -__process.page);
        char *end = (char *)page_round(memory + size);
        if (first > map)
            sys_call(SYS_munmap, map, first - map);
        if (end < map + length)
            sys_call(SYS_munmap, end, map + length - end);
        length = (size_t)(end - first);
        map = first;
    }
    if (*fresh)
        report(ALLOCATION_MAP, map, length);
    struct chunk *chunk = chunk_of((void *)memory);
    chunk->prev_size = (size_t)((char *)chunk - map);
    if (UNLIKELY(!__malloc_secret)) {
        heap_lock(); /* it makes the secret */
        heap_unlock();
    }
    chunk_set(chunk, length, CHUNK_USED | CHUNK_MAPPED);
    __atomic_fetch_add(&used_bytes, length, __ATOMIC_RELAXED);
    __atomic_fetch_add(&used_count, 1, __ATOMIC_RELAXED);
    live_add(chunk);
    return chunk;
}

/* A mapping that is kept has a head without CHUNK_USED: free() of it again is seen. */
void __mapping_free(struct chunk *chunk)
{
    size_t length = chunk_size(chunk);
    char *map = (char *)chunk - chunk->prev_size;

    __atomic_fetch_sub(&used_bytes, length, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&used_count, 1, __ATOMIC_RELAXED);
    live_remove(chunk);
    if (length > KEPT_BYTES / 2 || chunk->prev_size != FRONT) {
        report(ALLOCATION_UNMAP, map, length);
        sys_call(SYS_munmap, map, length);
        return;
    }
    chunk_set(chunk, length, CHUNK_MAPPED);
    report(ALLOCATION_KEEP, map, length);
    lock_take(&kept_lock);
    long now = milliseconds();
    size_t most = __atomic_load_n(&used_bytes, __ATOMIC_RELAXED) + KEPT_SPARE;
    if (most > KEPT_BYTES)
        most = KEPT_BYTES;
    while (kept_count && (kept_count == KEPT_MOST || kept_bytes + length > most ||
                          now - kept[0].freed > KEPT_MILLISECONDS))
        kept_drop(0);
    kept[kept_count].map = map;
    kept[kept_count].length = length;
    kept[kept_count].freed = now;
    kept_bytes += length;
    __atomic_store_n(&kept_count, kept_count + 1, __ATOMIC_RELAXED);
    lock_release(&kept_lock);
}

struct chunk *__mapping_resize(struct chunk *chunk, size_t size)
{
    size_t front = chunk->prev_size, length = page_round(front + CHUNK_HEADER + size);
    char *map = (char *)chunk - front;

    if (length != chunk_size(chunk)) {
        map = (char *)sys_call(SYS_mremap, map, chunk_size(chunk), length, MREMAP_MAYMOVE);
        if (sys_failed((long)map))
            return NULL;
        report(ALLOCATION_REMAP, map, length);
        live_remove(chunk);
        __atomic_fetch_add(&used_bytes, length - chunk_size(chunk_at(map, front)),
                           __ATOMIC_RELAXED);
        chunk = chunk_at(map, front);
        chunk_set(chunk, length, CHUNK_USED | CHUNK_MAPPED);
        live_add(chunk);
    }
    return chunk;
}

int __mapping_trim(void)
{
    int any = 0;

    lock_take(&kept_lock);
    for (; kept_count; any = 1)
        kept_drop(0);
    lock_release(&kept_lock);
    return any;
}

void __mapping_fork(int when)
{
    if (when == 0)
        lock_take(&kept_lock);
    else
        lock_release(&kept_lock);
}

void __mapping_figures(struct malloc_figures *figures)
{
    lock_take(&kept_lock);
    figures->mappings.count = __atomic_load_n(&used_count, __ATOMIC_RELAXED);
    figures->mappings.bytes = __atomic_load_n(&used_bytes, __ATOMIC_RELAXED);
    figures->kept_mappings.count = kept_count;
    figures->kept_mappings.bytes = kept_bytes;
    lock_release(&kept_lock);
}
