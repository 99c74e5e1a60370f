#include "string_arch.h"
#include "strrchr.h"
#include <string.h>

APART TARGET_AVX2 void *memrchr_avx2(const void *memory, int byte, size_t size)
{
    return (void *)v32_last_in_memory(memory, byte, size);
}

APART void *memrchr_sse2(const void *memory, int byte, size_t size)
{
    cpu_worked(0);
    return (void *)v16_last_in_memory(memory, byte, size);
}

void *__memrchr(const void *memory, int byte, size_t size)
{
    if (UNLIKELY(size == 0))
        return NULL;
    if (LIKELY(cpu_has(CPU_AVX2)))
        return memrchr_avx2(memory, byte, size);
    return memrchr_sse2(memory, byte, size);
}

WEAK_ALIAS(__memrchr, memrchr);
