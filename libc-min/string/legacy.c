/* The names of 4.2BSD for functions of ISO C. */
#include <string.h>
#include <strings.h>

int bcmp(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size);
}

void bcopy(const void *from, void *to, size_t size)
{
    memmove(to, from, size);
}

void bzero(void *memory, size_t size)
{
    memset(memory, 0, size);
}

char *index(const char *string, int byte)
{
    return strchr(string, byte);
}

char *rindex(const char *string, int byte)
{
    return strrchr(string, byte);
}
