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

size_t strlen(const char *string)
{
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strlen_avx2(string);
    return strlen_sse2(string);
}
