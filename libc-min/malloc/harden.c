#include "harden.h"
#include "block.h"
#include "heap.h"
#include "lock.h"
#include "options.h"
#include "process.h"
#include "syscall.h"
#include <string.h>
#include <sys/mman.h>

unsigned __malloc_harden;

enum {
    FILL_NEW = 0xd1,   /* of memory that the program has not written */
    FILL_FREED = 0xdb, /* of memory that is free */
    DETAINED = 4096,   /* blocks in quarantine */
    GUARDED = 4096,    /* inaccessible chunks */
    MARK = sizeof(uintptr_t),
};

static lock_t lock;
static uint64_t random_state;

/* What was freed and is not used again yet; mapped at its first use, because few processes have
 * one. */
static struct freed {
    struct pending detained[DETAINED];
    struct {
        char *map;
        size_t length;
    } guarded[GUARDED];
    unsigned detained_turn, guarded_turn;
} * freed_memory;

/* With the lock. NULL: no memory. */
static struct freed *freed_get(void)
{
    if (!freed_memory) {
        long map = sys_call(SYS_mmap, NULL, page_round(sizeof *freed_memory),
                            PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (!sys_failed(map))
            freed_memory = (struct freed *)map;
    }
    return freed_memory;
}

uint8_t __harden_filled(void)
{
    return (uint8_t)(__malloc_harden & HARDEN_ZERO     ? HARDEN_ZERO
                     : __malloc_harden & HARDEN_POISON ? HARDEN_POISON
                                                       : 0);
}

/* By the mode in which the run was made, or else today's. */
static unsigned char freed_fill(const struct run *run)
{
    return (run->filled ? run->filled : __harden_filled()) == HARDEN_ZERO ? 0 : FILL_FREED;
}

static void slow_down(struct run *run, void *context)
{
    (void)context;
    __atomic_store_n(&run->fast, NO_ARENA, __ATOMIC_RELAXED);
}

void __harden_changed(void)
{
    if (__malloc_harden || __malloc_perturb)
        __heap_each_run(slow_down, NULL);
}

void __harden_new(void *memory, size_t size, int fresh)
{
    if (__malloc_harden & HARDEN_POISON && !fresh)
        memset(memory, FILL_NEW, size);
}

void __harden_block_fill(const struct run *run, char *memory)
{
    memset(memory, freed_fill(run), run->size);
}

void __harden_block_check(const struct run *run, const char *memory)
{
    for (size_t i = MARK; i < run->size; i++)
        if (UNLIKELY((unsigned char)memory[i] != freed_fill(run)))
            __block_die_written(memory);
}

int __harden_block_free(struct pending *freed)
{
    /* the guard is compared now: it would be filled */
    if (UNLIKELY(freed->size < freed->run->size &&
                 (unsigned char)freed->memory[freed->size] != block_guard()))
        __block_die_end(freed->memory);
    if (freed->run->filled || __harden_filled())
        __harden_block_fill(freed->run, freed->memory);
    if (__malloc_harden & HARDEN_QUARANTINE) {
        struct pending before = *freed;
        lock_take(&lock);
        struct freed *held = freed_get();
        if (held) {
            struct pending *place = &held->detained[held->detained_turn++ % DETAINED];
            before = *place;
            *place = *freed;
        }
        lock_release(&lock);
        if (!before.run)
            return 0;
        *freed = before;
        if (before.run->filled)
            for (size_t i = 0; i < before.run->size; i++)
                if (UNLIKELY((unsigned char)before.memory[i] != freed_fill(before.run)))
                    __block_die_written(before.memory);
    }
    freed->size = freed->run->size; /* there is no guard any more */
    return 1;
}

uint32_t __harden_draw(uint32_t count)
{
    lock_take(&lock);
    if (!random_state)
        random_state = __malloc_secret * 0x9E3779B97F4A7C15UL | 1;
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    uint32_t drawn = (uint32_t)((random_state * 2685821657736338717UL >> 32) * count >> 32);
    lock_release(&lock);
    return drawn;
}

struct chunk *__harden_guarded_alloc(size_t size, size_t align)
{
    size_t room = align > CHUNK_HEADER ? align : CHUNK_HEADER, whole = (size + align - 1) & -align;
    size_t length = page_round(whole + 2 * CHUNK_HEADER + room);
    char *map = (char *)sys_call(SYS_mmap, NULL, length + __process.page, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (sys_failed((long)map))
        return NULL;
    if (sys_call(SYS_mprotect, map + length, __process.page, PROT_NONE) != 0) {
        sys_call(SYS_munmap, map, length + __process.page);
        return NULL;
    }
    struct chunk *chunk = chunk_of((char *)((uintptr_t)(map + length - whole) & -align));
    if (UNLIKELY(!__malloc_secret)) {
        heap_lock(); /* it makes the secret */
        heap_unlock();
    }
    chunk->prev_size = (size_t)((char *)chunk - map);
    chunk_set(chunk, length, CHUNK_USED | CHUNK_MAPPED | CHUNK_GUARDED);
    return chunk;
}

void __harden_guarded_free(struct chunk *chunk)
{
    size_t length = chunk_size(chunk) + __process.page;
    char *map = (char *)chunk - chunk->prev_size;

    sys_call(SYS_mmap, map, length, PROT_NONE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    lock_take(&lock);
    struct freed *held = freed_get();
    if (held) {
        unsigned place = held->guarded_turn++ % GUARDED;
        if (held->guarded[place].map)
            sys_call(SYS_munmap, held->guarded[place].map, held->guarded[place].length);
        held->guarded[place].map = map;
        held->guarded[place].length = length;
    } else {
        sys_call(SYS_munmap, map, length);
    }
    lock_release(&lock);
}

int __harden_guarded_freed(const void *memory)
{
    int found = 0;

    lock_take(&lock);
    for (unsigned i = 0; freed_memory && i < GUARDED && !found; i++)
        found = freed_memory->guarded[i].map &&
                (uintptr_t)memory - (uintptr_t)freed_memory->guarded[i].map <
                    freed_memory->guarded[i].length;
    lock_release(&lock);
    return found;
}

void __harden_fork(int when)
{
    if (when == 0)
        lock_take(&lock);
    else
        lock_release(&lock);
}
