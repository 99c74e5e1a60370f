#include <string.h>

void explicit_bzero(void *memory, size_t size)
{
    memset(memory, 0, size);
    /* Marks the memory as used: the compiler may not drop the store, even across files. */
    __asm__ volatile("" : : "r"(memory) : "memory");
}
