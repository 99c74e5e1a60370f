/* The time of qsort(), in nanoseconds for each element: `qsort int-random-10000 95.20`. The
 * elements have 4, 8, 16, 24 and 100 bytes, and 3, the size of no machine word; strcmp() compares
 * pointers to text. A measurement of short arrays sorts hundreds of them, each with other contents,
 * so that the branch predictor cannot learn them. A figure is the least of ROUNDS rounds of this
 * process.
 *
 *   sort                the rows that docs/performance.md shows
 *   sort KIND...        the rows of these kinds */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7, TEXT = 12, MOST = 100000, WIDEST = 100 };

static uint64_t random_state = 88172645463325252;

static uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* An element begins with its key, a number of the element's type. */
#define COMPARE(name, type)                                                                        \
    static int name(const void *one, const void *other)                                            \
    {                                                                                              \
        type a = *(const type *)one, b = *(const type *)other;                                     \
                                                                                                   \
        return (a > b) - (a < b);                                                                  \
    }

COMPARE(compare_int, int)
COMPARE(compare_long, int64_t)

static int compare_text(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static int compare_bytes(const void *one, const void *other)
{
    return memcmp(one, other, 3);
}

static char texts[MOST][TEXT];

static void put_int(char *element, int64_t key, size_t index)
{
    int number = (int)key;

    (void)index;
    memcpy(element, &number, sizeof number);
}

static void put_long(char *element, int64_t key, size_t index)
{
    (void)index;
    memcpy(element, &key, sizeof key);
}

static void put_text(char *element, int64_t key, size_t index)
{
    char *text = texts[index];

    snprintf(text, TEXT, "%010lld", (long long)key & 0xffffffff);
    memcpy(element, &text, sizeof text);
}

static void put_bytes(char *element, int64_t key, size_t index)
{
    (void)index;
    for (int i = 0; i < 3; i++)
        element[i] = (char)(key >> 8 * (2 - i));
}

static const struct kind {
    const char *name;
    size_t width;
    int (*compare)(const void *, const void *);
    void (*put)(char *element, int64_t key, size_t index);
} kinds[] = {
    {"int", 4, compare_int, put_int},         {"long", 8, compare_long, put_long},
    {"text", 8, compare_text, put_text},      {"16-bytes", 16, compare_long, put_long},
    {"24-bytes", 24, compare_long, put_long}, {"100-bytes", 100, compare_int, put_int},
    {"3-bytes", 3, compare_bytes, put_bytes},
};

static int64_t key_random(size_t i, size_t count)
{
    (void)i, (void)count;
    return (int64_t)(random_next() >> 33);
}

static int64_t key_sorted(size_t i, size_t count)
{
    (void)count;
    return (int64_t)i;
}

static int64_t key_reversed(size_t i, size_t count)
{
    return (int64_t)(count - i);
}

static int64_t key_few(size_t i, size_t count)
{
    (void)i, (void)count;
    return (int64_t)(random_next() >> 61);
}

static int64_t key_pipe(size_t i, size_t count)
{
    return (int64_t)(i < count / 2 ? i : count - i);
}

static int64_t key_nearly(size_t i, size_t count)
{
    return (int64_t)(random_next() % 50 ? i : random_next() % count);
}

static const struct pattern {
    const char *name;
    int64_t (*key)(size_t i, size_t count);
} patterns[] = {
    {"random", key_random},  {"sorted", key_sorted},   {"reversed", key_reversed},
    {"few-values", key_few}, {"organ-pipe", key_pipe}, {"nearly-sorted", key_nearly},
};

/* Lengths other than USUAL, for random elements of two kinds. */
static const size_t lengths[] = {4, 10, 30, 100, 1000, MOST};
enum { USUAL = 10000 };

static char *original, *array;

/* Arrays of `count` elements, USUAL elements in all, at least one array. */
static void measure(const struct kind *kind, const struct pattern *pattern, size_t count)
{
    size_t arrays = count < USUAL ? USUAL / count : 1, bytes = count * kind->width;
    double least = 1e30;

    for (size_t i = 0; i < arrays; i++)
        for (size_t j = 0; j < count; j++)
            kind->put(original + i * bytes + j * kind->width, pattern->key(j, count),
                      i * count + j);
    for (int round = 0; round < ROUNDS; round++) {
        double start;

        memcpy(array, original, arrays * bytes);
        start = now();
        for (size_t i = 0; i < arrays; i++)
            qsort(array + i * bytes, count, kind->width, kind->compare);
        start = (now() - start) / (double)(arrays * count);
        if (start < least)
            least = start;
    }
    printf("qsort %s-%s-%zu %.2f\n", kind->name, pattern->name, count, least);
}

int main(int argc, char **argv)
{
    original = calloc(MOST, WIDEST);
    array = calloc(MOST, WIDEST);
    if (!original || !array)
        return 1;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        int wanted = argc < 2;

        for (int j = 1; j < argc; j++)
            wanted |= strcmp(argv[j], kinds[i].name) == 0;
        if (!wanted)
            continue;
        for (size_t j = 0; j < sizeof patterns / sizeof patterns[0]; j++)
            measure(&kinds[i], &patterns[j], USUAL);
        for (size_t j = 0; j < sizeof lengths / sizeof lengths[0]; j++)
            if (kinds[i].width == 4 || kinds[i].width == 24)
                measure(&kinds[i], &patterns[0], lengths[j]);
    }
    return 0;
}
