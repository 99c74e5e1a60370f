#include <string.h>

void explicit_bzero(void *memory, size_t size)
{
    memset(memory, 0, size);
    /* The memory is used, says this: the store may not be dropped, even across files. */
    __asm__ volatile("" : : "r"(memory) : "memory");
}
