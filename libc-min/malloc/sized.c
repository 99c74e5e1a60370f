/* free_sized() and free_aligned_sized(): ISO C23 7.24.3.4 and 5. They are apart from malloc.c,
 * because the names belong to a program of an earlier C. */
#include "process.h"
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

void free_sized(void *memory, size_t size);
void free_aligned_sized(void *memory, size_t align, size_t size);

void free_sized(void *memory, size_t size)
{
    if (memory && malloc_usable_size(memory) != size)
        __process_die("free_sized(): not the size that was allocated", memory);
    free(memory);
}

void free_aligned_sized(void *memory, size_t align, size_t size)
{
    if (!align || align & (align - 1) || (uintptr_t)memory & (align - 1))
        __process_die("free_aligned_sized(): not the alignment that was allocated", memory);
    if (memory && malloc_usable_size(memory) != size)
        __process_die("free_aligned_sized(): not the size that was allocated", memory);
    free(memory);
}
