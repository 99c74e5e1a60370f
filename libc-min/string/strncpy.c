#include "internal.h"
#include <string.h>

char *__stpncpy(char *restrict to, const char *restrict from, size_t size)
{
    size_t length = __strnlen(from, size);

    memcpy(to, from, length);
    memset(to + length, 0, size - length);
    return to + length;
}

WEAK_ALIAS(__stpncpy, stpncpy);

char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
    __stpncpy(to, from, size);
    return to;
}
