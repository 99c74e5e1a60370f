#include "scan.h"
#include <string.h>

/* memchr() for other CPUs than memchr_evex.S and scan_avx2.S are for. */
HIDDEN void *__memchr_no_avx2(const void *memory, int byte, size_t size);

void *__memchr_no_avx2(const void *memory, int byte, size_t size)
{
    const char *found, *start = memory;

    if (UNLIKELY(size == 0))
        return NULL;
    found = v16_scan(start, size, 1, SCAN_BYTE, byte);
    found = found && (size_t)(found - start) < size ? found : NULL;
    cpu_worked(found ? (size_t)(found - start) : size);
    return (void *)found;
}
