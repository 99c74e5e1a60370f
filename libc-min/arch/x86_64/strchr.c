#include "scan.h"
#include "string_arch.h"
#include <string.h>

APART TARGET_AVX2 char *strchrnul_avx2(const char *string, int byte)
{
    return (char *)v32_scan(string, 0, 0, SCAN_BYTE_OR_END, byte);
}

APART char *strchrnul_sse2(const char *string, int byte)
{
    const char *found = v16_scan(string, 0, 0, SCAN_BYTE_OR_END, byte);

    cpu_worked((size_t)(found - string));
    return (char *)found;
}

char *__strchrnul(const char *string, int byte)
{
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strchrnul_avx2(string, byte);
    return strchrnul_sse2(string, byte);
}

WEAK_ALIAS(__strchrnul, strchrnul);

APART TARGET_AVX2 char *strchr_avx2(const char *string, int byte)
{
    const char *found = v32_scan(string, 0, 0, SCAN_BYTE_OR_END, byte);

    return *found == (char)byte ? (char *)found : NULL;
}

char *strchr(const char *string, int byte)
{
    const char *found;

    if (LIKELY(cpu_has(CPU_AVX2)))
        return strchr_avx2(string, byte);
    found = strchrnul_sse2(string, byte);
    return *found == (char)byte ? (char *)found : NULL;
}
