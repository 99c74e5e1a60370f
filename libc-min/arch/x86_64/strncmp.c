#include "strcmp.h"
#include <string.h>

/* strncmp(), in strcmp_evex.S and strcmp_avx2.S, on other CPUs. */
HIDDEN int __strncmp_no_avx2(const char *a, const char *b, size_t most);

int __strncmp_no_avx2(const char *a, const char *b, size_t most)
{
    if (UNLIKELY(most == 0))
        return 0;
    cpu_worked(0);
    return v16_compare_strings(a, b, 1, most);
}
