#include "strcmp.h"
#include <string.h>

/* strcmp(), in strcmp_evex.S and strcmp_avx2.S, on other CPUs. */
HIDDEN int __strcmp_no_avx2(const char *a, const char *b);

int __strcmp_no_avx2(const char *a, const char *b)
{
    cpu_worked(0);
    return v16_compare_strings(a, b, 0, 0);
}
