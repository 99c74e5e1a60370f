/* The time of memory and string functions: `memcpy 16 1.23` is 1.23 ns for a call on 16 bytes.
 *
 * Built once for each C library, static, with -fno-builtin. The calls use addresses of different
 * alignment in turn. A figure is the least of ROUNDS rounds of this process; bench/libc.sh computes
 * medians of many processes.
 *
 *   string [--path=PATH]                      all functions, the sizes of docs/performance.md
 *   string [--path=PATH] all                  all functions, more sizes
 *   string [--path=PATH] FUNCTION SIZE...     one function, these sizes
 */
#include "path.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PLACES = 64, ROUNDS = 5, ROUND_NS = 800000, LARGEST = 1 << 20, SPARE = 8192 };

/* Two buffers, and the offsets in them that the calls use in turn. */
static char *first, *second;
static struct {
    unsigned first, second;
} places[PLACES];

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The loop of one function: the compiler neither inlines nor moves a call through a volatile
 * pointer. */
#define BENCH(name, type, call)                                                                    \
    static void bench_##name(size_t size, size_t calls)                                            \
    {                                                                                              \
        type volatile pointer = name;                                                              \
                                                                                                   \
        for (size_t i = 0; i < calls; i++) {                                                       \
            char *a = first + places[i % PLACES].first, *b = second + places[i % PLACES].second;   \
            type f = pointer;                                                                      \
                                                                                                   \
            (void)b, (void)size;                                                                   \
            __asm__ volatile("" : : "r"(call) : "memory");                                         \
        }                                                                                          \
    }

typedef void *(*copy_function)(void *, const void *, size_t);
typedef void *(*set_function)(void *, int, size_t);
typedef void *(*find_function)(const void *, int, size_t);
typedef int (*compare_function)(const void *, const void *, size_t);
typedef size_t (*length_function)(const char *);
typedef size_t (*bounded_length_function)(const char *, size_t);
typedef char *(*find_string_function)(const char *, int);
typedef int (*compare_string_function)(const char *, const char *);
typedef int (*compare_bounded_function)(const char *, const char *, size_t);
typedef char *(*copy_string_function)(char *, const char *);

void *memrchr(const void *, int, size_t);
char *strchrnul(const char *, int);

BENCH(memcpy, copy_function, f(a, b, size))
BENCH(memmove, copy_function, f(a, a + 24, size))
BENCH(memset, set_function, f(a, 'x', size))
BENCH(memchr, find_function, f(a, 'y', size))
BENCH(memrchr, find_function, f(a, 'y', size))
BENCH(memcmp, compare_function, f(a, b, size))
BENCH(strlen, length_function, f(a))
BENCH(strnlen, bounded_length_function, f(a, size + 7))
BENCH(strchr, find_string_function, f(a, 'y'))
BENCH(strchrnul, find_string_function, f(a, 'y'))
BENCH(strrchr, find_string_function, f(a, 'y'))
BENCH(strcmp, compare_string_function, f(a, b))
BENCH(strncmp, compare_bounded_function, f(a, b, size + 7))
BENCH(strcpy, copy_string_function, f(a, b))
BENCH(stpcpy, copy_string_function, f(a, b))

/* The contents of both buffers from the address of a call. */
enum contents {
    BYTES,   /* 'x' throughout */
    STRINGS, /* `size` bytes 'x', then the terminator */
};

static const struct function {
    const char *name;
    void (*run)(size_t size, size_t calls);
    enum contents contents;
} functions[] = {
    {"memcpy", bench_memcpy, BYTES},     {"memmove", bench_memmove, BYTES},
    {"memset", bench_memset, BYTES},     {"memchr", bench_memchr, BYTES},
    {"memcmp", bench_memcmp, BYTES},     {"memrchr", bench_memrchr, BYTES},
    {"strlen", bench_strlen, STRINGS},   {"strnlen", bench_strnlen, STRINGS},
    {"strchr", bench_strchr, STRINGS},   {"strchrnul", bench_strchrnul, STRINGS},
    {"strrchr", bench_strrchr, STRINGS}, {"strcmp", bench_strcmp, STRINGS},
    {"strncmp", bench_strncmp, STRINGS}, {"strcpy", bench_strcpy, STRINGS},
    {"stpcpy", bench_stpcpy, STRINGS},
};

static const struct {
    size_t size;
    int extra; /* only with `all` */
} sizes[] = {{1, 0},    {4, 1},    {8, 0},     {16, 0},    {24, 1},      {32, 0},     {48, 1},
             {64, 0},   {100, 1},  {128, 0},   {200, 1},   {256, 0},     {400, 1},    {1024, 0},
             {2048, 1}, {4096, 0}, {16384, 1}, {65536, 0}, {1 << 18, 1}, {1 << 20, 0}};

/* Fills the buffers for calls on `size` bytes. */
static void lay_out(enum contents contents, size_t size)
{
    /* Each string needs room for its own end: as many strings as fit into the first cache. */
    size_t stride = contents == STRINGS ? size + 128 : 0;
    size_t different = stride == 0 ? PLACES : 16384 / stride;

    if (different == 0)
        different = 1;
    memset(first, 'x', LARGEST + SPARE);
    memset(second, 'x', LARGEST + SPARE);
    for (size_t i = 0; i < PLACES; i++) {
        size_t place = i % different;

        places[i].first = (unsigned)(place * stride / 64 * 64 + place * 7 % 61);
        places[i].second = (unsigned)(place * stride / 64 * 64 + place * 11 % 59);
        if (contents == STRINGS)
            first[places[i].first + size] = second[places[i].second + size] = 0;
    }
}

static void measure(const struct function *function, size_t size)
{
    double least = 1e30, spent = 0;
    size_t calls;

    lay_out(function->contents, size);
    for (calls = PLACES; spent < ROUND_NS / 4; calls *= 2) {
        double start = now();

        function->run(size, calls);
        spent = now() - start;
    }
    calls = (size_t)((double)calls / 2 * ROUND_NS / spent) / PLACES * PLACES + PLACES;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now(), each;

        function->run(size, calls);
        each = (now() - start) / (double)calls;
        if (each < least)
            least = each;
    }
    printf("%s %zu %.2f\n", function->name, size, least);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int all;
    const char *only;

    path_force(&argc, &argv);
    all = argc == 2 && strcmp(argv[1], "all") == 0;
    only = argc >= 2 && !all ? argv[1] : NULL;
    first = aligned_alloc(4096, LARGEST + SPARE);
    second = aligned_alloc(4096, LARGEST + 2 * SPARE);
    if (!first || !second)
        return 1;
    /* Buffers with the same offset in their pages would be a special case, and a slow one. */
    second += 1024;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const struct function *function = &functions[i];

        if (only && strcmp(only, function->name) != 0)
            continue;
        for (int j = 2; j < argc; j++)
            measure(function, strtoul(argv[j], NULL, 0));
        for (size_t j = 0; argc <= 2 && j < sizeof sizes / sizeof sizes[0]; j++)
            if (!sizes[j].extra || all || only)
                measure(function, sizes[j].size);
    }
    return 0;
}
