/* malloc calloc realloc free aligned_alloc posix_memalign: ISO C 7.22.3, POSIX. */
#include "check.h"
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { SLOTS = 1000, LIMIT = 300 << 10 };

static void fill(unsigned char *memory, size_t size, unsigned char seed)
{
    for (size_t i = 0; i < size; i++)
        memory[i] = (unsigned char)(seed + i * 31);
}

static int is_filled(const unsigned char *memory, size_t size, unsigned char seed)
{
    for (size_t i = 0; i < size; i++)
        if (memory[i] != (unsigned char)(seed + i * 31))
            return 0;
    return 1;
}

/* Sizes of all orders of magnitude; what one block holds survives what is done to the others. */
static void random_work(int rounds)
{
    static __thread struct {
        unsigned char *memory;
        size_t size;
        unsigned char seed;
    } slots[SLOTS];
    uint64_t state = (uintptr_t)&slots | 1;

    for (int i = 0; i < rounds; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        unsigned slot = (unsigned)(state >> 33) % SLOTS, what = (unsigned)(state >> 20) % 8;
        size_t size = (size_t)(state >> 40) % ((size_t)1 << (state >> 16) % 19);
        if (size > LIMIT)
            size = LIMIT;
        if (slots[slot].memory)
            CHECK(is_filled(slots[slot].memory, slots[slot].size, slots[slot].seed));
        if (what < 2 && slots[slot].memory) {
            size_t kept = size < slots[slot].size ? size : slots[slot].size;
            unsigned char *moved = realloc(slots[slot].memory, size ? size : 1);
            CHECK(moved && is_filled(moved, kept, slots[slot].seed));
            slots[slot].memory = moved;
        } else {
            free(slots[slot].memory);
            if (what == 2)
                slots[slot].memory = calloc(1, size);
            else if (what == 3)
                slots[slot].memory = aligned_alloc((size_t)16 << (state >> 50) % 9, size);
            else
                slots[slot].memory = malloc(size);
            CHECK(slots[slot].memory != NULL);
            CHECK_IS((uintptr_t)slots[slot].memory % 16, 0);
            for (size_t at = 0; what == 2 && at < size; at++)
                if (slots[slot].memory[at]) {
                    CHECK(!"calloc's memory is zero");
                    break;
                }
        }
        slots[slot].size = size;
        slots[slot].seed = (unsigned char)state;
        fill(slots[slot].memory, size, (unsigned char)state);
    }
    for (int i = 0; i < SLOTS; i++) {
        free(slots[i].memory);
        slots[i].memory = NULL;
    }
}

static void *random_thread(void *rounds)
{
    random_work((int)(intptr_t)rounds);
    return NULL;
}

static void corners(void)
{
    void *memory = malloc(0), *other = malloc(0);
    volatile size_t huge = SIZE_MAX;

    CHECK(memory && other && memory != other);
    free(memory);
    free(other);
    free(NULL);
    errno = 0;
    CHECK(malloc(huge) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(malloc(huge / 2 + 1) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(calloc(huge / 4, 8) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(calloc(huge / 8 + 2, 8) == NULL && errno == ENOMEM); /* the product is 8 */
    memory = malloc(100);
    fill(memory, 100, 1);
    errno = 0;
    CHECK(realloc(memory, huge - 100) == NULL && errno == ENOMEM);
    CHECK(is_filled(memory, 100, 1)); /* ISO C: the old one is as it was */
    CHECK(malloc_usable_size(memory) >= 100);
    errno = 77;
    free(memory);
    CHECK_IS(errno, 77); /* POSIX.1-2024 */
    memory = realloc(NULL, 10);
    CHECK(memory != NULL);
    free(memory);
}

static void aligned(void)
{
    for (size_t align = 8; align <= 1 << 20; align *= 2)
        for (size_t size = 1; size < 400000; size = size * 3 + 1) {
            void *memory = NULL;
            CHECK_IS(posix_memalign(&memory, align, size), 0);
            CHECK_IS((uintptr_t)memory % align, 0);
            memset(memory, 1, size);
            free(memory);
        }
    void *unset = &unset;
    CHECK_IS(posix_memalign(&unset, 3, 10), EINVAL);
    CHECK_IS(posix_memalign(&unset, 4, 10), EINVAL);
    CHECK(unset == &unset);
}

/* Across the threshold and back, contents kept. */
static void grow_and_shrink(void)
{
    unsigned char *memory = malloc(1);
    size_t last = 1;

    fill(memory, 1, 5);
    for (size_t size = 1; size < 4 << 20; size = size * 2 + 3) {
        memory = realloc(memory, size);
        CHECK(memory && is_filled(memory, last, 5));
        fill(memory, size, 5);
        last = size;
    }
    for (size_t size = last; size > 0; size /= 3) {
        memory = realloc(memory, size);
        CHECK(memory && is_filled(memory, size, 5));
    }
    free(memory);
}

/* What is freed side by side can be had again in one piece: memory use stays what it was. */
static void coalescing(void)
{
    enum { COUNT = 4000, SIZE = 1000 };
    static void *parts[COUNT];
    struct rusage before, after;

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < COUNT; i++)
            parts[i] = memset(malloc(SIZE), 1, SIZE);
        for (int i = 0; i < COUNT; i += 2)
            free(parts[i]);
        for (int i = 1; i < COUNT; i += 2)
            free(parts[i]);
        if (round == 0)
            getrusage(RUSAGE_SELF, &before);
    }
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < 35; i++)
            parts[i] = memset(malloc(100000), 1, 100000);
        for (int i = 0; i < 35; i++)
            free(parts[i]);
    }
    getrusage(RUSAGE_SELF, &after);
    CHECK(after.ru_maxrss - before.ru_maxrss < 1500);
}

/* At the limit: NULL and ENOMEM, again and again; what there is still works, and what is freed can
 * be had again. In a child, because of the limit. */
static void at_the_limit(void)
{
    pid_t pid;
    int status;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        static unsigned char *blocks[20000];
        struct rlimit limit = {32 << 20, 32 << 20};
        int count = 0;

        check_failures = 0;
        setrlimit(RLIMIT_AS, &limit);
        errno = 0;
        while (count < 20000 && (blocks[count] = malloc(5000)) != NULL)
            fill(blocks[count], 5000, (unsigned char)count), count++;
        CHECK(count > 1000 && count < 20000);
        CHECK_IS(errno, ENOMEM);
        errno = 0;
        CHECK(malloc(10 << 20) == NULL && errno == ENOMEM);
        for (int i = 0; i < count; i++)
            CHECK(is_filled(blocks[i], 5000, (unsigned char)(i)));
        for (int i = 0; i < count; i++)
            free(blocks[i]);
        void *again = malloc(5000);
        CHECK(again != NULL);
        free(again);
        fflush(stdout);
        _exit(check_failures != 0);
    }
    waitpid(pid, &status, 0);
    CHECK_IS(status, 0);
}

int main(void)
{
    pthread_t threads[4];

    corners();
    aligned();
    grow_and_shrink();
    coalescing();
    random_work(50000);
    for (int i = 0; i < 4; i++)
        CHECK_IS(pthread_create(&threads[i], NULL, random_thread, (void *)20000), 0);
    for (int i = 0; i < 4; i++)
        CHECK_IS(pthread_join(threads[i], NULL), 0);
    at_the_limit();
    return check_end();
}
