#include "scan.h"
#include <string.h>

/* strchrnul() and strchr() for other CPUs than scan_avx2.S is for. */
HIDDEN char *__strchrnul_no_avx2(const char *string, int byte);
HIDDEN char *__strchr_no_avx2(const char *string, int byte);

char *__strchrnul_no_avx2(const char *string, int byte)
{
    const char *found = v16_scan(string, 0, 0, SCAN_BYTE_OR_END, byte);

    cpu_worked((size_t)(found - string));
    return (char *)found;
}

char *__strchr_no_avx2(const char *string, int byte)
{
    const char *found = v16_scan(string, 0, 0, SCAN_BYTE_OR_END, byte);

    cpu_worked((size_t)(found - string));
    return *found == (char)byte ? (char *)found : NULL;
}
