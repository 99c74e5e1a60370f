#include "scan.h"
#include <string.h>

/* strnlen() for other CPUs than scan_avx2.S is for. */
HIDDEN size_t __strnlen_no_avx2(const char *string, size_t most);

size_t __strnlen_no_avx2(const char *string, size_t most)
{
    const char *end;
    size_t length;

    if (UNLIKELY(most == 0))
        return 0;
    end = v16_scan(string, most, 1, SCAN_END, 0);
    length = end && (size_t)(end - string) < most ? (size_t)(end - string) : most;
    cpu_worked(length);
    return length;
}
