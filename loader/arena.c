/* malloc for the tool: memory from the reserved range, in order, given back never.
 *
 * libc's own would take pages from the break and from the mmap area, which are
 * the program's; and the tool lives for a tenth of a millisecond, so nothing
 * is worth freeing.  The whole family is defined, as a replacement must be. */
#include "arena.h"
#include "machine.h"
#include "reserved.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Taken from the kernel at a time, bytes.  Small, because a page that is
 * mapped costs nothing but one that `ulimit -v` counts may cost the run. */
enum { GROW = 64 * 1024, ALIGN = 16 };

/* The first growth takes the hand-over's page too: it lies right below. */
static uintptr_t arena_next, arena_end;

/* Every block is preceded by its size, which realloc needs. */
struct header {
    size_t size;
    size_t unused;
};

static int arena_grow(size_t bytes)
{
    if (bytes > (reserved_end() - ARCH_PAGE) - arena_end)
        return -1;
    bytes = (bytes + GROW - 1) & ~(size_t)(GROW - 1);
    void *got = mmap((void *)arena_end, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (got == MAP_FAILED)
        return -1;
    /* a kernel before 4.17 takes the address as a mere hint */
    if ((uintptr_t)got != arena_end) {
        munmap(got, bytes);
        return -1;
    }
    arena_end += bytes;
    return 0;
}

static void *arena_take(size_t align, size_t size)
{
    if (size > (reserved_end() - ARCH_PAGE) - reserved_arena() || align > GROW) {
        errno = ENOMEM;
        return NULL;
    }
    if (arena_next == 0) {
        arena_next = reserved_arena();
        arena_end = reserved_code();
    }
    uintptr_t block = (arena_next + sizeof(struct header) + align - 1) & ~(uintptr_t)(align - 1);
    uintptr_t end = (block + size + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1);
    if (end > arena_end && arena_grow(end - arena_end) < 0) {
        errno = ENOMEM;
        return NULL;
    }
    arena_next = end;
    ((struct header *)block)[-1].size = size;
    return (void *)block;
}

void *malloc(size_t size)
{
    return arena_take(ALIGN, size);
}

void free(void *block)
{
    (void)block;
}

/* Memory fresh from the kernel is zero, and none is used twice. */
void *calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return arena_take(ALIGN, bytes);
}

void *realloc(void *block, size_t size)
{
    void *bigger = arena_take(ALIGN, size);
    if (bigger != NULL && block != NULL) {
        size_t old = ((struct header *)block)[-1].size;
        memcpy(bigger, block, old < size ? old : size);
    }
    return bigger;
}

void *aligned_alloc(size_t align, size_t size)
{
    return arena_take(align < ALIGN ? ALIGN : align, size);
}

void *memalign(size_t align, size_t size)
{
    return aligned_alloc(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    void *block = aligned_alloc(align, size);
    if (block == NULL)
        return ENOMEM;
    *out = block;
    return 0;
}

size_t malloc_usable_size(void *block)
{
    return block == NULL ? 0 : ((struct header *)block)[-1].size;
}

void *arena_code_page(void)
{
    return arena_end != 0 || arena_take(ALIGN, ALIGN) != NULL ? (void *)reserved_code() : NULL;
}
