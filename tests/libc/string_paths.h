/* The library chooses the instructions of its string functions while the program runs; a test runs
 * on one choice, named by the program's argument:
 *
 *     memory              as the library chooses; on libc-min, that it finds out what the CPU has
 *     memory AVX2         on that path; status 77 and the reason if this CPU cannot run it
 *
 * Only a static libc-min has the variable that forces a path: libc.so hides it, musl and glibc have
 * none. */
#ifndef STRING_PATHS_H
#define STRING_PATHS_H

#include "check.h"

extern volatile unsigned __cpu_features __attribute__((weak, visibility("hidden")));

static const char *string_path = "as the library chooses";

enum { CANNOT_RUN = 77 };

/* Bits of libc-min/arch/x86_64/cpu.h. Every CPU has rep movsb, a slow one perhaps. */
enum { KNOWN = 1, AVX2 = 2, EVEX = 4, REP = 8, REP_NEAR = 16 };

static const struct {
    const char *name;
    unsigned features;
} string_paths[] = {
    {"SSE2", KNOWN},
    {"AVX2", KNOWN | AVX2},
    {"AVX2, rep movsb", KNOWN | AVX2 | REP},
    {"AVX2, rep movsb near", KNOWN | AVX2 | REP | REP_NEAR},
    {"AVX-512", KNOWN | AVX2 | EVEX},
    {"AVX-512, rep movsb", KNOWN | AVX2 | EVEX | REP},
    {"AVX-512, rep movsb near", KNOWN | AVX2 | EVEX | REP | REP_NEAR},
};

/* What the library finds when it has had enough to do. */
static inline unsigned features_found(void)
{
    static char work[1 << 16];

    __cpu_features = 0;
    for (int i = 0; i < 1000 && __cpu_features == 0; i++)
        memset(work, i, sizeof work);
    return __cpu_features;
}

/* gcc's builtin asks CPUID and XGETBV itself: what the library finds is compared with it. */
static inline unsigned features_expected(void)
{
    unsigned features = KNOWN;

    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2"))
        features |= AVX2;
    if ((features & AVX2) && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
        features |= EVEX;
    return features;
}

/* Forces the path that the argument names, if there is one. */
static inline void string_path_choose(int argc, char **argv)
{
    if (argc < 2) {
        if (&__cpu_features) {
            CHECK_IS(features_found() & (KNOWN | AVX2 | EVEX), features_expected());
            __cpu_features = 0;
        }
        return;
    }
    for (size_t i = 0; i < sizeof string_paths / sizeof string_paths[0]; i++) {
        unsigned features = string_paths[i].features;

        if (strcmp(argv[1], string_paths[i].name) != 0)
            continue;
        if (!&__cpu_features) {
            printf("this libc has no way to force %s\n", argv[1]);
            exit(2);
        }
        if (features & ~features_expected() & (AVX2 | EVEX)) {
            printf("this CPU has no %s\n",
                   features & EVEX ? "AVX-512 F, VL and BW" : "AVX2, BMI1 and BMI2");
            exit(CANNOT_RUN);
        }
        string_path = string_paths[i].name;
        __cpu_features = features;
        return;
    }
    printf("%s: no such path\n", argv[1]);
    exit(2);
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
