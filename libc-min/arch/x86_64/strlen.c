#include "scan.h"
#include <string.h>

APART TARGET_AVX2 size_t strlen_avx2(const char *string)
{
    return (size_t)(v32_scan(string, 0, 0, SCAN_END, 0) - string);
}

APART size_t strlen_sse2(const char *string)
{
    size_t length = (size_t)(v16_scan(string, 0, 0, SCAN_END, 0) - string);

    cpu_worked(length);
    return length;
}

/* strlen(), in strlen_evex.S, where there is no AVX-512. */
HIDDEN size_t __strlen_no_evex(const char *string);

size_t __strlen_no_evex(const char *string)
{
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strlen_avx2(string);
    return strlen_sse2(string);
}
