#include "strcmp.h"
#include <string.h>

/* strncmp() for other CPUs than strcmp_evex.S and strcmp_avx2.S are for. */
HIDDEN int __strncmp_no_avx2(const char *a, const char *b, size_t most);

APART int strncmp_sse2(const char *a, const char *b, size_t most)
{
    cpu_worked(0);
    return v16_compare_strings(a, b, 1, most);
}

LINE_ALIGNED int __strncmp_no_avx2(const char *a, const char *b, size_t most)
{
    uint32_t stops;

    if (UNLIKELY(most == 0))
        return 0;
    if (LIKELY(both_reach(a, b, v16_size)) && (stops = v16_stops(a, b)) != 0)
        return result_at(a, b, (size_t)__builtin_ctz(stops), most);
    return strncmp_sse2(a, b, most);
}
