#include "cpu.h"
#include "ends.h"
#include "string_arch.h"
#include "vector.h"
#include <string.h>

#define VECTOR v16
#define TARGET
#include "strcpy_vector.h"
#undef VECTOR
#undef TARGET

#define VECTOR v32
#define TARGET TARGET_AVX2
#include "strcpy_vector.h"
#undef VECTOR
#undef TARGET

APART TARGET_AVX2 char *stpcpy_avx2(char *to, const char *from)
{
    return v32_copy_string(to, from);
}

APART char *stpcpy_sse2(char *to, const char *from)
{
    char *end = v16_copy_string(to, from);

    cpu_worked((size_t)(end - to));
    return end;
}

APART TARGET_AVX2 char *strcpy_avx2(char *to, const char *from)
{
    v32_copy_string(to, from);
    return to;
}

LINE_ALIGNED char *__stpcpy(char *restrict to, const char *restrict from)
{
    if (LIKELY(cpu_has(CPU_AVX2)))
        return stpcpy_avx2(to, from);
    return stpcpy_sse2(to, from);
}

WEAK_ALIAS(__stpcpy, stpcpy);

LINE_ALIGNED char *strcpy(char *restrict to, const char *restrict from)
{
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strcpy_avx2(to, from);
    stpcpy_sse2(to, from);
    return to;
}
