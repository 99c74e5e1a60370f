/* Random operations on an allocator, checked against a model:
 *
 *     torture [THREADS [MILLIONS [SEED [MODE]]]]      4 threads, a million operations each, seed 1
 *
 * The model is a table of blocks: what each thread asked for and what it wrote there. Checked are
 * contents, alignment, sizes (malloc_usable_size()), calloc()'s zeros, and that no two blocks
 * overlap: each byte of a block has a value that follows from the block's number, and is compared
 * before the block is given up. Threads put half of their blocks into a common table, from which
 * any of them takes and frees; some end and are replaced; the first one forks now and then, and the
 * child goes on for a while. Prints nothing if all is well.
 *
 * The modes:
 *     signals   a signal every 30 us, whose handler runs on whichever thread
 *     as, data  RLIMIT_AS or RLIMIT_DATA leaves 40 MiB: requests fail, and nothing else; when all
 *               is freed, they succeed
 *     cancel    threads are cancelled at random (glibc) and clean up
 *     info      malloc_info() on standard output, when all is freed and trimmed */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 2000, COMMON = 4000, THREADS_MOST = 64, LIFE = 100000 };

struct block {
    unsigned char *memory;
    size_t size;
    unsigned seed;
};

static struct block *common[COMMON]; /* exchanged atomically */
static unsigned long long rounds = 1000000, seed = 1;
static int failures;
static int limited;                /* requests may fail */
static unsigned long long refused; /* as many have */
static int in_child;               /* what the parent's other threads were at is not to be used */

static void fail(const char *what, const struct block *block)
{
    fprintf(stderr, "torture: %s: block %p, %zu bytes (seed %llu)\n", what, (void *)block->memory,
            block->size, seed);
    if (__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED) > 10)
        _exit(1);
}

static uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717u;
}

/* A request has failed. */
static void no_memory(const char *what, const struct block *block)
{
    if (limited && errno == ENOMEM)
        __atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
    else
        fail(what, block);
}

/* The first, last and some bytes between: all of small blocks. */
static size_t step_of(size_t size)
{
    return size <= 512 ? 1 : size / 61;
}

static unsigned char byte_at(const struct block *block, size_t at)
{
    return (unsigned char)(block->seed + at * 131 + (at >> 8));
}

static void fill(const struct block *block)
{
    for (size_t at = 0; at < block->size; at += step_of(block->size))
        block->memory[at] = byte_at(block, at);
    if (block->size > 0)
        block->memory[block->size - 1] = byte_at(block, block->size - 1);
}

static void check(const struct block *block, size_t size)
{
    for (size_t at = 0; at < size; at += step_of(block->size))
        if (block->memory[at] != byte_at(block, at)) {
            fail("another's byte", block);
            return;
        }
    if (size == block->size && size > 0 && block->memory[size - 1] != byte_at(block, size - 1))
        fail("another's last byte", block);
}

static size_t size_draw(uint64_t *state)
{
    uint64_t random = draw(state);
    unsigned bits = (unsigned)(random >> 58) %
                    20; /* up to 512 KiB, each order of magnitude as often */

    if (bits > 13 && random & 0xf000)
        bits = 8;
    return (size_t)(random >> 8) % ((size_t)2 << bits);
}

static int zeros(const unsigned char *memory, size_t size)
{
    for (size_t at = 0; at < size; at++)
        if (memory[at])
            return 0;
    return 1;
}

static void make(struct block *block, uint64_t *state)
{
    uint64_t random = draw(state);
    size_t size = size_draw(state), align = 16;
    void *memory = NULL;

    switch (random % 16) {
    case 0:
        memory = calloc(1, size);
        if (memory && !zeros(memory, size))
            fail("calloc(): not zero", &(struct block){memory, size, 0});
        break;
    case 1:
        align = (size_t)8 << (random >> 8) % 10;
        if ((errno = posix_memalign(&memory, align, size)) != 0)
            memory = NULL;
        break;
    case 2:
        align = (size_t)16 << (random >> 8) % 3;
        memory = aligned_alloc(align, size);
        break;
    default:
        memory = malloc(size);
    }
    *block = (struct block){memory, size, (unsigned)(random >> 32)};
    if (!memory) {
        no_memory("no memory", block);
        block->size = 0;
        return;
    }
    if ((uintptr_t)memory % (align > 16 ? align : 16) != 0)
        fail("alignment", block);
    if (malloc_usable_size(memory) < size)
        fail("malloc_usable_size()", block);
    fill(block);
}

static void resize(struct block *block, uint64_t *state)
{
    size_t size = size_draw(state) + 1, old = block->size;
    unsigned char *memory = realloc(block->memory, size);

    if (!memory) {
        no_memory("realloc(): no memory", block);
        check(block, old);
        return;
    }
    block->memory = memory;
    check(block, size < old ? size : old);
    block->size = size;
    fill(block);
}

static void give_up(struct block *block)
{
    check(block, block->size);
    int before = errno = 42;
    free(block->memory);
    if (errno != before)
        fail("free() changed errno", block);
    block->memory = NULL;
    block->size = 0;
}

static void swap_common(struct block *block, uint64_t *state)
{
    struct block *copy = malloc(sizeof *copy);

    if (!copy) {
        no_memory("no memory", block);
        return;
    }
    *copy = *block;
    copy = __atomic_exchange_n(&common[draw(state) % COMMON], copy, __ATOMIC_ACQ_REL);
    *block = (struct block){NULL, 0, 0};
    if (copy) {
        *block = *copy;
        free(copy);
        give_up(block);
    }
}

static void work(struct block *slots, uint64_t *state, unsigned long long count)
{
    while (count-- > 0) {
        struct block *block = &slots[draw(state) % SLOTS];
        unsigned what = (unsigned)(draw(state) >> 40) % 8;
        if (!block->memory)
            make(block, state);
        else if (what < 2)
            resize(block, state);
        else if (what < 4 && !in_child)
            swap_common(block, state);
        else
            give_up(block);
    }
}

static void give_up_all(struct block *slots)
{
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].memory)
            give_up(&slots[i]);
}

/* A thread of a child, which may take over what one of the parent's has left. */
static void *work_in_child(void *argument)
{
    uint64_t state = (uintptr_t)argument | 1;
    struct block *slots = calloc(SLOTS, sizeof *slots);

    if (!slots)
        _exit(!limited);
    work(slots, &state, 20000);
    give_up_all(slots);
    free(slots);
    return NULL;
}

/* The child of a process with threads goes on with what it has, and starts threads of its own. */
static __attribute__((unused)) void fork_and_work(struct block *slots, uint64_t *state)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        pthread_t threads[3];
        in_child = 1;
        signal(SIGALRM, SIG_DFL);
        alarm(60);
        for (int i = 0; i < 3; i++)
            if (pthread_create(&threads[i], NULL, work_in_child, (void *)(uintptr_t)draw(state)))
                _exit(!limited);
        work(slots, state, 2000);
        for (int i = 0; i < 3; i++)
            pthread_join(threads[i], NULL);
        give_up_all(slots);
        _exit(failures != 0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        fail("a child", &slots[0]);
}

struct task {
    uint64_t state;
    unsigned long long count;
    int forks;
};

static void *run(void *argument)
{
    struct task *task = argument;
    struct block *slots = calloc(SLOTS, sizeof *slots);

    if (!slots)
        return NULL; /* some other thread has all the memory */
    for (unsigned long long done = 0; done < task->count; done += 10000) {
        work(slots, &task->state, 10000);
#ifndef __SANITIZE_THREAD__ /* which does not follow a child */
        if (task->forks && done % 100000 == 0)
            fork_and_work(slots, &task->state);
#endif
        if (draw(&task->state) % 64 == 0)
            malloc_trim(0);
    }
    give_up_all(slots);
    free(slots);
    return NULL;
}

#ifdef __GLIBC__
static void clean_up(void *slots)
{
    give_up_all(slots);
    free(slots);
}

/* Until it is cancelled, which it looks for between two operations. */
static void *run_cancelled(void *argument)
{
    struct task *task = argument;
    struct block *slots = calloc(SLOTS, sizeof *slots);

    pthread_cleanup_push(clean_up, slots);
    for (;;) {
        work(slots, &task->state, 20);
        pthread_testcancel();
    }
    pthread_cleanup_pop(1);
    return NULL;
}
#endif

static int cancels;
static pthread_attr_t small_stack; /* glibc keeps those of threads that have ended */

/* Threads one after the other, each for a part of the operations. */
static void *lives(void *argument)
{
    struct task *task = argument;
    unsigned long long left = task->count;

    while (left > 0) {
        pthread_t thread;
        task->count = left < LIFE ? left : LIFE;
        left -= task->count;
        int failed = pthread_create(&thread, &small_stack, run, task);
        if (failed && limited) /* no memory for its stack */
            run(task);
        else if (failed)
            abort();
        else
            pthread_join(thread, NULL);
#ifdef __GLIBC__
        for (int i = 0; cancels && i < 100; i++) {
            struct task endless = {draw(&task->state) | 1, 0, 0};
            if (pthread_create(&thread, NULL, run_cancelled, &endless) != 0)
                abort();
            usleep((unsigned)(draw(&task->state) % 2000));
            pthread_cancel(thread);
            pthread_join(thread, NULL);
        }
#endif
    }
    return NULL;
}

static volatile sig_atomic_t signals;

static void on_signal(int number)
{
    (void)number;
    signals = signals + 1;
}

static void storm(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct itimerval every = {{0, 30}, {0, 30}};

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
}

/* Leaves the process `bytes` more than it has of the line `name` of /proc/self/status. */
static void limit(int resource, const char *name, size_t bytes)
{
    char line[256];
    size_t has = 0;
    FILE *status = fopen("/proc/self/status", "r");

    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, name, strlen(name)) == 0)
            has = strtoul(line + strlen(name) + 1, NULL, 10) * 1024;
    if (!status || has == 0)
        abort();
    fclose(status);
    limited = 1;
    setrlimit(resource, &(struct rlimit){has + bytes, has + bytes});
}

int main(int argc, char **argv)
{
    static struct task tasks[THREADS_MOST];
    pthread_t ids[THREADS_MOST];
    unsigned threads = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 4;

    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10) * 1000000;
    if (argc > 3)
        seed = strtoull(argv[3], NULL, 10);
    pthread_attr_init(&small_stack);
    pthread_attr_setstacksize(&small_stack, 128 << 10);
    const char *mode = argc > 4 ? argv[4] : "";
    if (threads < 1 || threads > THREADS_MOST || rounds == 0) {
        fprintf(stderr, "torture: 1 to %d threads, a million operations or more\n", THREADS_MOST);
        return 2;
    }
    if (strcmp(mode, "signals") == 0)
        storm();
    else if (strcmp(mode, "as") == 0)
        limit(RLIMIT_AS, "VmSize:", 40 << 20);
    else if (strcmp(mode, "data") == 0)
        limit(RLIMIT_DATA, "VmData:", 40 << 20);
    cancels = strcmp(mode, "cancel") == 0;
    for (unsigned i = 0; i < threads; i++) {
        tasks[i] =
            (struct task){(seed * 2654435761u + i) * 0x9E3779B97F4A7C15u | 1, rounds, i == 0};
        if (pthread_create(&ids[i], &small_stack, lives, &tasks[i]) != 0)
            abort();
    }
    for (unsigned i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    for (int i = 0; i < COMMON; i++)
        if (common[i]) {
            give_up(common[i]);
            free(common[i]);
        }
    if (strcmp(mode, "signals") == 0)
        printf("%d signals\n", (int)signals);
    if (limited) {
        void *large = malloc(4 << 20), *small = malloc(100);
        if (!large || !small)
            fail("all is freed, and there is no memory", &(struct block){large, 4 << 20, 0});
        free(large);
        free(small);
        printf("%llu refused\n", refused);
    }
    if (strcmp(mode, "info") == 0) {
        malloc_trim(0);
        malloc_info(0, stdout);
    }
    return failures != 0;
}
