#include "scan.h"
#include <string.h>

APART TARGET_AVX2 void *memchr_avx2(const char *memory, int byte, size_t size)
{
    const char *found = v32_scan(memory, size, 1, SCAN_BYTE, byte);

    return found && (size_t)(found - memory) < size ? (void *)found : NULL;
}

APART void *memchr_sse2(const char *memory, int byte, size_t size)
{
    const char *found = v16_scan(memory, size, 1, SCAN_BYTE, byte);

    found = found && (size_t)(found - memory) < size ? found : NULL;
    cpu_worked(found ? (size_t)(found - memory) : size);
    return (void *)found;
}

/* memchr(), in memchr_evex.S, where there is no AVX-512. */
HIDDEN void *__memchr_no_evex(const void *memory, int byte, size_t size);

void *__memchr_no_evex(const void *memory, int byte, size_t size)
{
    if (UNLIKELY(size == 0))
        return NULL;
    if (LIKELY(cpu_has(CPU_AVX2)))
        return memchr_avx2(memory, byte, size);
    return memchr_sse2(memory, byte, size);
}
