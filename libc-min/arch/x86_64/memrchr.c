#include "strrchr.h"
#include <string.h>

/* memrchr() of more than one byte, in memrchr_avx2.S, on other CPUs. */
HIDDEN void *__memrchr_no_avx2(const void *memory, int byte, size_t size);

void *__memrchr_no_avx2(const void *memory, int byte, size_t size)
{
    cpu_worked(0);
    return (void *)v16_last_in_memory(memory, byte, size);
}
