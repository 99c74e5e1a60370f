/* Copies that always terminate, and return the full length of the result: strlcpy(3bsd). */
#include <string.h>

size_t strlcpy(char *to, const char *from, size_t size)
{
    size_t length = strlen(from), fits = length < size ? length : size - 1;

    if (size == 0)
        return length;
    memcpy(to, from, fits);
    to[fits] = 0;
    return length;
}

size_t strlcat(char *to, const char *from, size_t size)
{
    size_t begin = strnlen(to, size);

    if (begin == size)
        return size + strlen(from);
    return begin + strlcpy(to + begin, from, size - begin);
}
