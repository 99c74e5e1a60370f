#include "internal.h"
#include <string.h>

char *strcat(char *restrict to, const char *restrict from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t most)
{
    char *end = to + strlen(to);
    size_t size = __strnlen(from, most);

    memcpy(end, from, size);
    end[size] = 0;
    return to;
}
