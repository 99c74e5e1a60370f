/* Radix 64: a64l(), l64a(). The characters are ./0-9A-Za-z, the least significant first. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

long a64l(const char *text)
{
    const char *found;
    uint32_t value = 0;

    for (int shift = 0; shift < 36 && *text; shift += 6, text++) {
        found = strchr(alphabet, *text);
        if (!found)
            break;
        value |= (uint32_t)(found - alphabet) << shift;
    }
    return (int32_t)value;
}

char *l64a(long value)
{
    static char text[7];
    char *next = text;

    for (uint32_t left = (uint32_t)value; left; left >>= 6)
        *next++ = alphabet[left & 63];
    *next = 0;
    return text;
}
