/* What the unit tests of libc-min share. A test is one program per family of functions: it prints a
 * line for every check that fails and exits with 1 if there was one. The same program must pass on
 * musl, and on glibc unless its first line says `not glibc: why`; the runner builds all three. */
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int check_failures;

/* xorshift64*, so that a seed means the same on every libc. TEST_SEED is another seed than 1. */
static uint64_t random_state = 1, random_seed = 1;

static __attribute__((constructor)) void random_begin(void)
{
    const char *text = getenv("TEST_SEED");

    if (text && strtoull(text, NULL, 0))
        random_state = random_seed = strtoull(text, NULL, 0);
}

#define CHECK(condition)                                                                           \
    ((condition) ? (void)0                                                                         \
                 : (void)(check_failures++,                                                        \
                          printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition)))

/* The same for a value, with what it was. */
#define CHECK_IS(value, expected)                                                                  \
    do {                                                                                           \
        long long value_ = (long long)(value), expected_ = (long long)(expected);                  \
        if (value_ != expected_) {                                                                 \
            check_failures++;                                                                      \
            printf("%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #value, value_,            \
                   expected_);                                                                     \
        }                                                                                          \
    } while (0)

#define CHECK_TEXT(value, expected)                                                                \
    do {                                                                                           \
        const char *value_ = (value), *expected_ = (expected);                                     \
        if (!value_ || strcmp(value_, expected_) != 0) {                                           \
            check_failures++;                                                                      \
            printf("%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #value,                \
                   value_ ? value_ : "(null)", expected_);                                         \
        }                                                                                          \
    } while (0)

static inline int check_end(void)
{
    if (check_failures)
        printf("seed %llu (another: TEST_SEED=NUMBER)\n", (unsigned long long)random_seed);
    return check_failures != 0;
}

/* Memory of `size` bytes (at most 64 KiB) that ends where a page begins that may not be touched,
 * and that begins, rounded down to a page, where such a page ends. */
static inline __attribute__((unused)) void *page_edge(size_t size)
{
    size_t page = 4096, whole = (size + page - 1) / page * page;
    char *map = mmap(NULL, whole + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED || mprotect(map + page, whole, PROT_READ | PROT_WRITE) != 0)
        abort();
    return map + page + whole - size;
}

static inline __attribute__((unused)) uint64_t random_next(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(0x2545F4914F6CDD1D);
}

#endif
