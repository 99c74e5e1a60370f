#include <string.h>

void *memccpy(void *restrict to, const void *restrict from, int byte, size_t size)
{
    const unsigned char *found = memchr(from, byte, size);
    size_t count = found ? (size_t)(found - (const unsigned char *)from) + 1 : size;

    memcpy(to, from, count);
    return found ? (unsigned char *)to + count : NULL;
}
