/* The library chooses its string functions' instructions as it goes; a test runs on every choice.
 * On a libc that has no such variable (musl, glibc, and libc-min when it is a shared library, where
 * it is hidden) the test runs once. */
#ifndef STRING_PATHS_H
#define STRING_PATHS_H

#include "check.h"

extern volatile unsigned __cpu_features __attribute__((weak, visibility("hidden")));

static const char *string_path = "as it comes";

/* The choices: bits of libc-min/arch/x86_64/cpu.h, the first of which says that the others are
 * known. */
static const struct {
    const char *name;
    unsigned features;
} string_paths[] = {
    {"SSE2", 1},
    {"AVX2", 1 | 2},
    {"AVX2, rep movsb", 1 | 2 | 8},
    {"AVX2, rep movsb near", 1 | 2 | 8 | 16},
    {"AVX-512", 1 | 2 | 4},
    {"AVX-512, rep movsb near", 1 | 2 | 4 | 8 | 16},
};

/* Runs the test on every path that the CPU has. What it has, the library finds out when it has
 * enough to do, and that it does is a test too. rep movsb every CPU has; it may be slow. */
static inline void on_every_path(void (*test)(void))
{
    static char work[1 << 16];
    unsigned found;

    if (!&__cpu_features) {
        test();
        return;
    }
    __cpu_features = 0;
    for (int i = 0; i < 1000 && __cpu_features == 0; i++)
        memset(work, i, sizeof work);
    found = __cpu_features;
    CHECK(found & 1);

    for (size_t i = 0; i < sizeof string_paths / sizeof string_paths[0]; i++) {
        string_path = string_paths[i].name;
        if (string_paths[i].features & ~found & ~24U) {
            printf("not tested: this CPU has no %s\n", string_path);
            continue;
        }
        __cpu_features = string_paths[i].features;
        test();
    }
    __cpu_features = found;
}

/* One line and no more for what would fail in thousands of cases. */
#define CHECK_CASE(condition, ...)                                                                 \
    do {                                                                                           \
        static int said_;                                                                          \
        if (!(condition)) {                                                                        \
            check_failures++;                                                                      \
            if (said_++ < 3) {                                                                     \
                printf("%s:%d: %s: not so: %s: ", __FILE__, __LINE__, string_path, #condition);    \
                printf(__VA_ARGS__);                                                               \
                putchar('\n');                                                                     \
            }                                                                                      \
        }                                                                                          \
    } while (0)

/* Lengths that matter: all the short ones, and around pages and loops. */
static inline size_t next_length(size_t length)
{
    if (length < 530)
        return length + 1;
    if (length < 1000)
        return length + 61;
    if (length < 4000)
        return 4080;
    return length < 4120 ? length + 1 : length + 1021;
}

/* Places in so many bytes that matter: the step to the next one. */
static inline size_t next_place(size_t length)
{
    if (length < 300)
        return 1;
    return length < 530 ? 4 : 97;
}

#define LONGEST        9000
#define FOR_LENGTHS(n) for (size_t n = 0; n <= LONGEST; n = next_length(n))

#endif
