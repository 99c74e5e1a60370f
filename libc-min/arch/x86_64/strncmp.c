#include "strcmp.h"
#include <string.h>

APART TARGET_AVX2 int strncmp_avx2(const char *a, const char *b, size_t most)
{
    return v32_compare_strings(a, b, 1, most);
}

APART int strncmp_sse2(const char *a, const char *b, size_t most)
{
    cpu_worked(0);
    return v16_compare_strings(a, b, 1, most);
}

/* strncmp(), in strcmp_evex.S, where there is no AVX-512. */
HIDDEN int __strncmp_no_evex(const char *a, const char *b, size_t most);

int __strncmp_no_evex(const char *a, const char *b, size_t most)
{
    if (UNLIKELY(most == 0))
        return 0;
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strncmp_avx2(a, b, most);
    return strncmp_sse2(a, b, most);
}
