/* malloc calloc realloc free aligned_alloc posix_memalign, on random sizes: what a program can see
 * of them without depending on addresses. Contents after each step as a sum, alignment, errno where
 * there is no memory. Left out: malloc(0) and realloc(p, 0), where NULL is allowed (glibc frees),
 * and aligned_alloc() with a bad alignment (glibc rounds it up, musl refuses it). */
#include "check.h"
#include <errno.h>

enum { SLOTS = 64 };

static struct {
    unsigned char *memory;
    size_t size;
} slots[SLOTS];

static uint64_t sum(const unsigned char *memory, size_t size)
{
    uint64_t total = size;

    for (size_t i = 0; i < size; i++)
        total = total * 31 + memory[i];
    return total;
}

/* All orders of magnitude, and often around the threshold of 128 KiB. */
static size_t random_size(void)
{
    uint64_t bits = random_next();

    if (bits % 10 == 0)
        return (128 << 10) - 64 + (bits >> 32) % 128;
    return (size_t)(bits >> 20) % ((size_t)1 << (bits >> 8) % 20) + 1;
}

static void fill(unsigned char *memory, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        memory[i] = (unsigned char)random_next();
}

static void refused(void)
{
    volatile size_t size = SIZE_MAX - (size_t)(random_next() % 100000);
    void *memory = &slots;

    errno = 0;
    printf("%d", malloc(size) == NULL);
    printf("%d ", errno == ENOMEM);
    errno = 0;
    printf("%d", calloc(size / 3, 7) == NULL);
    printf("%d ", errno == ENOMEM);
    printf("%d", posix_memalign(&memory, 24, 8) == EINVAL);
    printf("%d\n", memory == &slots);
}

int main(int argc, char **argv)
{
    long rounds = atol(argv[2]);

    random_state = strtoull(argv[1], NULL, 10) | 1;
    for (long round = 0; round < rounds; round++) {
        unsigned slot = (unsigned)(random_next() % SLOTS), what = (unsigned)(random_next() % 8);
        size_t size = random_size(), align = (size_t)8 << random_next() % 10;
        unsigned char *old = slots[slot].memory, *memory = NULL;
        size_t kept = 0;

        printf("%ld %u %u %zu: ", round, slot, what, size);
        if (what < 3) {
            uint64_t before;
            kept = old && slots[slot].size < size ? slots[slot].size : old ? size : 0;
            before = sum(old, kept);
            memory = realloc(old, size);
            printf("%d %d ", memory != NULL, memory && sum(memory, kept) == before);
        } else {
            free(old);
            if (what == 3)
                memory = calloc(size, 1), kept = size;
            else if (what == 4)
                printf("%d ", posix_memalign((void **)&memory, align, size));
            else if (what == 5)
                memory = aligned_alloc(align, (size + align - 1) & -align);
            else
                memory = malloc(size);
            printf("%d %d ", memory != NULL,
                   memory && (uintptr_t)memory % (what == 4 || what == 5 ? align : 16) == 0);
        }
        if (!memory)
            return 1;
        fill(memory, what == 3 ? size / 2 : kept, size);
        slots[slot].memory = memory;
        slots[slot].size = size;
        printf("%llx\n", (unsigned long long)sum(memory, size));
        if (round % 64 == 0)
            refused();
    }
    for (int i = 0; i < SLOTS; i++) {
        printf("%llx\n", (unsigned long long)sum(slots[i].memory, slots[i].size));
        free(slots[i].memory);
    }
    return 0;
}
