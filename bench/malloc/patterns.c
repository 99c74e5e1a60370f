/* The patterns in which programs allocate, one a process:
 *
 *     patterns NAME [THREADS]      THREADS for the patterns that have threads; 2 if not given
 *     patterns                     lists the names
 *
 * Prints `NANOSECONDS KIB`: the time for each call of malloc() (with its free()), and the most
 * memory that the process had resident. The source runs on any C library; bench/malloc.sh compares
 * allocators. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { THREADS_MOST = 64 };

static unsigned threads = 2;

/* xorshift64* (Vigna 2016): cheap, so that the allocator is what is measured */
static inline uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717u;
}

/* Allocates, and writes the first and the last byte, as a program would that uses its memory. */
static inline void *take(size_t size)
{
    char *memory = malloc(size);

    if (!memory)
        abort();
    memory[0] = 1;
    memory[size - 1] = 2;
    return memory;
}

/* Sizes as in most programs: two thirds up to 64 bytes, a few up to 1 KiB. */
static inline size_t small_size(uint64_t random)
{
    static const unsigned short limits[8] = {32, 32, 64, 64, 64, 128, 256, 1024};

    return 1 + (size_t)(random >> 16) % limits[random & 7];
}

/* A mix of small sizes with random lifetimes: a random slot's block is freed and another takes its
 * place. */
static long run_mix(long rounds, uint64_t seed)
{
    enum { SLOTS = 4096 };
    void **slots = calloc(SLOTS, sizeof *slots);
    uint64_t state = seed;

    for (long i = 0; i < rounds; i++) {
        uint64_t random = draw(&state);
        void **slot = &slots[random >> 52 & (SLOTS - 1)];
        free(*slot);
        *slot = take(small_size(random));
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    free(slots);
    return rounds;
}

static long mix(void)
{
    return run_mix(4000000, 88172645463325252u);
}

/* Strings and vectors that grow by realloc(), by a constant and by a factor. */
static long growth(void)
{
    enum { VECTORS = 64 };
    long calls = 0;
    uint64_t state = 1234567;

    for (int round = 0; round < 400; round++) {
        char *vectors[VECTORS] = {NULL};
        size_t sizes[VECTORS] = {0};
        for (int i = 0; i < VECTORS * 40; i++) {
            unsigned which = (unsigned)(draw(&state) % VECTORS);
            sizes[which] = which % 2 ? sizes[which] + 24 : sizes[which] * 3 / 2 + 16;
            if (sizes[which] > 300000)
                sizes[which] = 16;
            vectors[which] = realloc(vectors[which], sizes[which]);
            if (!vectors[which])
                abort();
            vectors[which][sizes[which] - 1] = 1;
            calls++;
        }
        for (int i = 0; i < VECTORS; i++)
            free(vectors[i]);
    }
    return calls;
}

/* Many small objects, linked, and freed in another order than that in which they were allocated. */
static long list(void)
{
    enum { COUNT = 400000, ROUNDS = 4 };
    struct node {
        struct node *next;
        long value[3];
    } **order = malloc(COUNT * sizeof(struct node *));
    uint64_t state = 42;

    for (int round = 0; round < ROUNDS; round++) {
        struct node *head = NULL;
        long sum = 0;
        for (int i = 0; i < COUNT; i++) {
            struct node *node = take(sizeof *node + (size_t)(i % 3) * 16);
            node->next = head;
            node->value[0] = i;
            head = node;
            order[i] = node;
        }
        for (const struct node *node = head; node; node = node->next)
            sum += node->value[0];
        if (sum != (long)COUNT * (COUNT - 1) / 2)
            abort();
        for (int i = COUNT - 1; i > 0; i--) {
            int other = (int)(draw(&state) % (unsigned)(i + 1));
            struct node *held = order[i];
            order[i] = order[other];
            order[other] = held;
        }
        for (int i = 0; i < COUNT; i++)
            free(order[i]);
    }
    free(order);
    return (long)COUNT * ROUNDS;
}

/* Storms of one size. */
static long lifo(void)
{
    enum { DEPTH = 1000, ROUNDS = 6000 };
    static void *stack[DEPTH];

    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < DEPTH; i++)
            stack[i] = take(48);
        for (int i = DEPTH; i-- > 0;)
            free(stack[i]);
    }
    return (long)DEPTH * ROUNDS;
}

static long fifo(void)
{
    enum { LENGTH = 65536, ROUNDS = 50 };
    void **queue = calloc(LENGTH, sizeof *queue);

    for (long i = 0; i < (long)LENGTH * ROUNDS; i++) {
        free(queue[i % LENGTH]);
        queue[i % LENGTH] = take(64);
    }
    for (int i = 0; i < LENGTH; i++)
        free(queue[i]);
    free(queue);
    return (long)LENGTH * ROUNDS;
}

static long scattered(void)
{
    enum { SLOTS = 65536, ROUNDS = 40 };
    void **slots = calloc(SLOTS, sizeof *slots);
    uint64_t state = 99;

    for (long i = 0; i < (long)SLOTS * ROUNDS; i++) {
        size_t slot = draw(&state) % SLOTS;
        free(slots[slot]);
        slots[slot] = take(80);
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    free(slots);
    return (long)SLOTS * ROUNDS;
}

/* From one page to several hundred. */
static long large(void)
{
    enum { SLOTS = 64, ROUNDS = 60000 };
    void *slots[SLOTS] = {NULL};
    uint64_t state = 7;

    for (int i = 0; i < ROUNDS; i++) {
        uint64_t random = draw(&state);
        void **slot = &slots[random >> 40 & (SLOTS - 1)];
        size_t size = 4096 + (size_t)random % (596 << 10);
        free(*slot);
        *slot = take(size);
        for (size_t at = 0; at < size; at += 4096)
            ((char *)*slot)[at] = 1;
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    return ROUNDS;
}

static void start_threads(void *(*run)(void *))
{
    pthread_t ids[THREADS_MOST];

    for (unsigned i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, run, (void *)(uintptr_t)(i + 1)) != 0)
            abort();
    for (unsigned i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
}

/* The mix, in several threads that share nothing. */
static void *mix_thread(void *number)
{
    run_mix(2000000, 88172645463325252u * (uintptr_t)number);
    return NULL;
}

static long mix_threads(void)
{
    start_threads(mix_thread);
    return 2000000L * threads;
}

/* Producers allocate, consumers free: each pair of threads has a ring. */
enum { RING = 1024, PASSED = 2000000 };
static struct ring {
    _Alignas(64) size_t written;
    _Alignas(64) size_t read;
    _Alignas(64) void *slots[RING];
} rings[THREADS_MOST / 2];

static void *produce(void *argument)
{
    struct ring *ring = argument;

    for (size_t i = 0; i < PASSED; i++) {
        void *block = take(16 + i % 5 * 24);
        while (i - __atomic_load_n(&ring->read, __ATOMIC_ACQUIRE) == RING)
            sched_yield();
        ring->slots[i % RING] = block;
        __atomic_store_n(&ring->written, i + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

static void *consume(void *argument)
{
    struct ring *ring = argument;

    for (size_t i = 0; i < PASSED; i++) {
        while (__atomic_load_n(&ring->written, __ATOMIC_ACQUIRE) == i)
            sched_yield();
        free(ring->slots[i % RING]);
        __atomic_store_n(&ring->read, i + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

static long passed(void)
{
    pthread_t ids[THREADS_MOST];
    unsigned pairs = threads < 2 ? 1 : threads / 2;

    for (unsigned i = 0; i < pairs; i++)
        if (pthread_create(&ids[2 * i], NULL, produce, &rings[i]) != 0 ||
            pthread_create(&ids[2 * i + 1], NULL, consume, &rings[i]) != 0)
            abort();
    for (unsigned i = 0; i < 2 * pairs; i++)
        pthread_join(ids[i], NULL);
    return (long)PASSED * pairs;
}

/* A server: each thread serves requests of a few objects, and leaves one of them in a table from
 * which whichever thread comes by takes and frees it. */
enum { TABLE = 4096, REQUESTS = 300000 };
static void *table[TABLE];

static void *serve(void *number)
{
    uint64_t state = 31337 * (uintptr_t)number;

    for (int i = 0; i < REQUESTS; i++) {
        void *objects[6];
        for (int j = 0; j < 6; j++)
            objects[j] = take(small_size(draw(&state)));
        void *left =
            __atomic_exchange_n(&table[draw(&state) % TABLE], objects[0], __ATOMIC_ACQ_REL);
        free(left);
        for (int j = 1; j < 6; j++)
            free(objects[j]);
    }
    return NULL;
}

static long server(void)
{
    start_threads(serve);
    for (int i = 0; i < TABLE; i++)
        free(table[i]);
    return (long)REQUESTS * 6 * threads;
}

/* Threads that live for a few hundred allocations. */
static void *live_shortly(void *number)
{
    run_mix(500, 777 * (uintptr_t)number + 1);
    return NULL;
}

static long churn(void)
{
    enum { GENERATIONS = 1000 };

    for (int i = 0; i < GENERATIONS; i++)
        start_threads(live_shortly);
    return (long)GENERATIONS * threads * 500;
}

/* A long run whose live set grows and shrinks, and whose sizes shift from phase to phase. */
static long shift(void)
{
    enum { PHASES = 12, SLOTS = 40000 };
    void **slots = calloc(SLOTS, sizeof *slots);
    uint64_t state = 5;
    long calls = 0;

    for (int phase = 0; phase < PHASES; phase++) {
        size_t base = (size_t)24 << phase % 6;
        unsigned live = phase % 3 == 2 ? SLOTS / 8 : SLOTS;
        for (unsigned i = 0; i < 3 * SLOTS; i++) {
            uint64_t random = draw(&state);
            unsigned slot = (unsigned)(random >> 32) % SLOTS;
            free(slots[slot]);
            slots[slot] = slot < live ? take(base + (size_t)(random & 0xffff) % base) : NULL;
            calls += slot < live;
        }
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    free(slots);
    return calls;
}

static const struct {
    char name[12];
    long (*run)(void); /* returns its number of calls of malloc() or realloc() */
} patterns[] = {
    {"mix", mix},       {"growth", growth},    {"list", list},   {"lifo", lifo},
    {"fifo", fifo},     {"random", scattered}, {"large", large}, {"threads", mix_threads},
    {"passed", passed}, {"server", server},    {"churn", churn}, {"shift", shift},
};

int main(int argc, char **argv)
{
    size_t which = 0;

    for (; argc > 1 && which < sizeof patterns / sizeof *patterns; which++)
        if (strcmp(argv[1], patterns[which].name) == 0)
            break;
    if (argc < 2 || which == sizeof patterns / sizeof *patterns) {
        for (which = 0; which < sizeof patterns / sizeof *patterns; which++)
            puts(patterns[which].name);
        return argc < 2 ? 0 : 2;
    }
    if (argc > 2)
        threads = (unsigned)strtoul(argv[2], NULL, 10);
    if (threads < 1 || threads > THREADS_MOST) {
        fprintf(stderr, "patterns: %s threads: 1 to %d\n", argv[2], THREADS_MOST);
        return 2;
    }

    struct timespec start, end;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &start);
    long calls = patterns[which].run();
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_SELF, &usage);
    double took = (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
    printf("%.2f %ld\n", took / (double)calls, usage.ru_maxrss);
    return 0;
}
