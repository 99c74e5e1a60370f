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

#define VECTOR v32
#define TARGET TARGET_AVX2
#include "memcmp_vector.h"
#undef VECTOR
#undef TARGET

APART TARGET_AVX2 int memcmp_avx2(const char *a, const char *b, size_t size)
{
    return v32_compare(a, b, size);
}

APART int memcmp_sse2(const char *a, const char *b, size_t size)
{
    cpu_worked(size);
    return v16_compare(a, b, size);
}

/* The order of bytes is the order of big-endian numbers. */
INLINE int order_32(const char *a, const char *b)
{
    typedef uint32_t __attribute__((aligned(1), may_alias)) any_t;
    uint32_t left = __builtin_bswap32(*(const any_t *)a);
    uint32_t right = __builtin_bswap32(*(const any_t *)b);

    return (left > right) - (left < right);
}

INLINE int order_64(const char *a, const char *b)
{
    typedef uint64_t __attribute__((aligned(1), may_alias)) any_t;
    uint64_t left = __builtin_bswap64(*(const any_t *)a);
    uint64_t right = __builtin_bswap64(*(const any_t *)b);

    return (left > right) - (left < right);
}

/* memcmp(), in memcmp_evex.S, where there is no AVX-512. */
HIDDEN int __memcmp_no_evex(const void *left, const void *right, size_t size);

int __memcmp_no_evex(const void *left, const void *right, size_t size)
{
    const char *a = left, *b = right;
    int order;

    if (size > 32) {
        if (LIKELY(cpu_has(CPU_AVX2)))
            return memcmp_avx2(a, b, size);
        return memcmp_sse2(a, b, size);
    }
    if (size >= 16)
        return v16_compare_ends(a, b, size);
    if (size >= 8) {
        order = order_64(a, b);
        return order ? order : order_64(a + size - 8, b + size - 8);
    }
    if (size >= 4) {
        order = order_32(a, b);
        return order ? order : order_32(a + size - 4, b + size - 4);
    }
    for (; size != 0; size--, a++, b++)
        if (*a != *b)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}
