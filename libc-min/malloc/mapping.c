#include "mapping.h"
#include "heap.h"
#include "process.h"
#include "syscall.h"
#include <sys/mman.h>
#include <time.h>

/* What is kept: so many, so many bytes, for so long after it was freed. */
enum { KEPT_MOST = 16, KEPT_BYTES = 64 << 20, KEPT_MILLISECONDS = 250 };

static struct {
    char *map;
    size_t length;
    long freed; /* milliseconds */
} kept[KEPT_MOST]; /* oldest first */
static unsigned kept_count;
static size_t kept_bytes;
static lock_t kept_lock;

static long milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void kept_remove(unsigned i)
{
    kept_bytes -= kept[i].length;
    kept_count--;
    for (; i < kept_count; i++)
        kept[i] = kept[i + 1];
}

static void kept_drop(unsigned i)
{
    sys_call(SYS_munmap, kept[i].map, kept[i].length);
    kept_remove(i);
}

/* One that is at least `length` bytes long, and not much longer; the newest, whose pages are the most
 * likely to be in the cache. */
static char *kept_take(size_t *length)
{
    char *map = NULL;

    if (!__atomic_load_n(&kept_count, __ATOMIC_RELAXED))
        return NULL;
    lock_take(&kept_lock);
    long now = milliseconds();
    while (kept_count && now - kept[0].freed > KEPT_MILLISECONDS)
        kept_drop(0);
    for (unsigned i = kept_count; i-- > 0 && !map;) {
        if (kept[i].length < *length || kept[i].length > *length + *length / 4)
            continue;
        map = kept[i].map;
        *length = kept[i].length;
        kept_remove(i);
    }
    lock_release(&kept_lock);
    return map;
}

static char *map_pages(size_t length)
{
    char *map = (char *)sys_call(SYS_mmap, NULL, length, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return sys_failed((long)map) ? NULL : map;
}

/* What alignment leaves over at either side is given back, page by page. */
void *__mapping_alloc(size_t size, size_t align, int *fresh)
{
    size_t slack = align > 16 ? align : 0, length = page_round(size + CHUNK_HEADER + slack);
    char *map = slack ? NULL : kept_take(&length);
    uintptr_t memory;

    *fresh = !map;
    if (!map)
        map = map_pages(length);
    if (!map && __mapping_trim())
        map = map_pages(length);
    if (!map)
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
        heap_lock(); /* it makes the secret */
        heap_unlock();
    }
    chunk_set(chunk, length, CHUNK_USED | CHUNK_MAPPED);
    return (void *)memory;
}

/* A mapping that is kept has a head without CHUNK_USED: free() of it again is seen. */
void __mapping_free(struct chunk *chunk)
{
    size_t length = chunk_size(chunk);
    char *map = (char *)chunk - chunk->prev_size;

    if (length > KEPT_BYTES / 2 || chunk->prev_size != 0) {
        sys_call(SYS_munmap, map, length);
        return;
    }
    chunk_set(chunk, length, CHUNK_MAPPED);
    lock_take(&kept_lock);
    long now = milliseconds();
    while (kept_count && (kept_count == KEPT_MOST || kept_bytes + length > KEPT_BYTES ||
                          now - kept[0].freed > KEPT_MILLISECONDS))
        kept_drop(0);
    kept[kept_count].map = map;
    kept[kept_count].length = length;
    kept[kept_count++].freed = now;
    kept_bytes += length;
    lock_release(&kept_lock);
}

void *__mapping_resize(struct chunk *chunk, size_t size)
{
    size_t front = chunk->prev_size, length = page_round(front + CHUNK_HEADER + size);
    char *map = (char *)chunk - front;

    if (length != chunk_size(chunk)) {
        map = (char *)sys_call(SYS_mremap, map, chunk_size(chunk), length, MREMAP_MAYMOVE);
        if (sys_failed((long)map))
            return NULL;
        chunk = chunk_at(map, front);
        chunk_set(chunk, length, CHUNK_USED | CHUNK_MAPPED);
    }
    return chunk_memory(chunk);
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
