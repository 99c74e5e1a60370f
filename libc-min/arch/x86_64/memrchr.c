#include "strrchr.h"
#include <string.h>

/* memrchr() of more than one byte for other CPUs than memrchr_avx2.S is for. */
HIDDEN void *__memrchr_no_avx2(const void *memory, int byte, size_t size);

void *__memrchr_no_avx2(const void *memory, int byte, size_t size)
{
    cpu_worked(0);
    return (void *)v16_last_in_memory(memory, byte, size);
}
