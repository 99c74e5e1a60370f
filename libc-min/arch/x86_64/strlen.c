#include "scan.h"
#include <string.h>

/* strlen() for other CPUs than strlen_evex.S and scan_avx2.S are for. */
HIDDEN size_t __strlen_no_avx2(const char *string);

size_t __strlen_no_avx2(const char *string)
{
    size_t length = (size_t)(v16_scan(string, 0, 0, SCAN_END, 0) - string);

    cpu_worked(length);
    return length;
}
