#include "internal.h"
#include <string.h>

void *memmem(const void *memory, size_t size, const void *needle, size_t needle_size)
{
    if (needle_size == 0)
        return (void *)memory;
    if (needle_size > size)
        return NULL;
    if (needle_size == 1)
        return memchr(memory, *(const unsigned char *)needle, size);
    return __search(memory, size, 0, needle, needle_size);
}
