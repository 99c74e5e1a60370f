/* Forces a path of the string functions, by the name in the first argument: `--path=SSE2`, AVX2 or
 * AVX-512; `--path=found`, the default, leaves the choice to the library. libc-min, linked
 * statically, has a variable for the features of the CPU, which this code writes. musl has one
 * path, and GLIBC_TUNABLES forces glibc's (bench/libc.sh): the programs on both ignore the name.
 * Status 77: this CPU cannot run the path. */
#ifndef PATH_H
#define PATH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern volatile unsigned __cpu_features __attribute__((weak));

/* Bits of libc-min/arch/x86_64/cpu.h; the other bits say whether rep movsb is fast. */
enum { PATH_KNOWN = 1, PATH_AVX2 = 2, PATH_EVEX = 4 };

static const struct {
    const char *name;
    unsigned wanted, without;
} paths[] = {
    {"found", 0, 0},
    {"SSE2", 0, PATH_AVX2 | PATH_EVEX},
    {"AVX2", PATH_AVX2, PATH_EVEX},
    {"AVX-512", PATH_EVEX, 0},
};

static int cpu_can(unsigned features)
{
    if (features & PATH_EVEX)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw");
    return !(features & PATH_AVX2) ||
           (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"));
}

/* Removes the first argument if it names a path. */
static void path_force(int *argc, char ***argv)
{
    static char work[1 << 16];
    const char *name;

    if (*argc < 2 || strncmp((*argv)[1], "--path=", 7) != 0)
        return;
    name = (*argv)[1] + 7;
    --*argc, ++*argv;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (strcmp(name, paths[i].name) != 0)
            continue;
        if (!cpu_can(paths[i].wanted)) {
            printf("this CPU has no %s\n", name);
            exit(77);
        }
        if (!&__cpu_features)
            return;
        /* The library asks the CPU when its string functions have done enough work. */
        for (int j = 0; j < 1000 && !(__cpu_features & PATH_KNOWN); j++)
            memset(work, j, sizeof work);
        __cpu_features &= ~paths[i].without;
        return;
    }
    fprintf(stderr, "%s: no such path\n", name);
    exit(2);
}

#endif
