#include "cpu.h"
#include "vector.h"
#include <string.h>

INLINE int difference_at(const char *a, const char *b, uint32_t differ)
{
    unsigned at = (unsigned)__builtin_ctz(differ);

    return (unsigned char)a[at] - (unsigned char)b[at];
}

#define VECTOR v16
#define TARGET
#include "memcmp_vector.h"
#undef VECTOR
#undef TARGET

/* memcmp() of more than 32 bytes for other CPUs than memcmp_evex.S and memcmp_avx2.S are for. */
HIDDEN int __memcmp_no_avx2(const void *left, const void *right, size_t size);

int __memcmp_no_avx2(const void *left, const void *right, size_t size)
{
    cpu_worked(size);
    return v16_compare(left, right, size);
}
