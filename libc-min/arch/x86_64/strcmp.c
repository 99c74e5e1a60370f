#include "strcmp.h"
#include <string.h>

/* strcmp() for other CPUs than strcmp_evex.S and strcmp_avx2.S are for. */
HIDDEN int __strcmp_no_avx2(const char *a, const char *b);

APART int strcmp_sse2(const char *a, const char *b)
{
    cpu_worked(0);
    return v16_compare_strings(a, b, 0, 0);
}

LINE_ALIGNED int __strcmp_no_avx2(const char *a, const char *b)
{
    uint32_t stops;

    /* Short strings do not count as work: wider vectors do not speed them up. */
    if (LIKELY(both_reach(a, b, v16_size)) && (stops = v16_stops(a, b)) != 0)
        return result_at(a, b, (size_t)__builtin_ctz(stops), SIZE_MAX);
    return strcmp_sse2(a, b);
}
