#include "scan.h"
#include "string_arch.h"
#include <string.h>

APART TARGET_AVX2 size_t strnlen_avx2(const char *string, size_t most)
{
    const char *end = v32_scan(string, most, 1, SCAN_END, 0);

    return end && (size_t)(end - string) < most ? (size_t)(end - string) : most;
}

APART size_t strnlen_sse2(const char *string, size_t most)
{
    const char *end = v16_scan(string, most, 1, SCAN_END, 0);
    size_t length = end && (size_t)(end - string) < most ? (size_t)(end - string) : most;

    cpu_worked(length);
    return length;
}

size_t __strnlen(const char *string, size_t most)
{
    if (UNLIKELY(most == 0))
        return 0;
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strnlen_avx2(string, most);
    return strnlen_sse2(string, most);
}

WEAK_ALIAS(__strnlen, strnlen);
