#include "strrchr.h"
#include <string.h>

APART TARGET_AVX2 char *strrchr_avx2(const char *string, int byte)
{
    return (char *)v32_last_in_string(string, byte);
}

APART char *strrchr_sse2(const char *string, int byte)
{
    cpu_worked(0);
    return (char *)v16_last_in_string(string, byte);
}

char *strrchr(const char *string, int byte)
{
    if (LIKELY(cpu_has(CPU_AVX2)))
        return strrchr_avx2(string, byte);
    return strrchr_sse2(string, byte);
}
