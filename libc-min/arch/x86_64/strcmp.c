#include "strcmp.h"
#include <string.h>

APART TARGET_AVX2 int strcmp_avx2(const char *a, const char *b)
{
    return v32_compare_strings(a, b, 0, 0);
}

APART int strcmp_sse2(const char *a, const char *b)
{
    cpu_worked(0);
    return v16_compare_strings(a, b, 0, 0);
}

/* strcmp(), in strcmp_evex.S, where there is no AVX-512. */
HIDDEN int __strcmp_no_evex(const char *a, const char *b);

int __strcmp_no_evex(const char *a, const char *b)
{
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strcmp_avx2(a, b);
    return strcmp_sse2(a, b);
}
