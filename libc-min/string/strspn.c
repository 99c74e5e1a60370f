/* Search for bytes of a set. */
#include "internal.h"
#include <string.h>

size_t strspn(const char *string, const char *accept)
{
    const unsigned char *at = (const unsigned char *)string;
    struct byte_set set = {{0}};

    if (!accept[0])
        return 0;
    if (!accept[1]) {
        while (*at == (unsigned char)accept[0])
            at++;
    } else {
        for (; *accept; accept++)
            byte_set_add(&set, (unsigned char)*accept);
        while (byte_set_has(&set, *at))
            at++;
    }
    return (size_t)((const char *)at - string);
}

size_t strcspn(const char *string, const char *reject)
{
    const unsigned char *at = (const unsigned char *)string;
    struct byte_set set = {{0}};

    if (!reject[0] || !reject[1])
        return (size_t)(__strchrnul(string, (unsigned char)reject[0]) - string);
    byte_set_add(&set, 0);
    for (; *reject; reject++)
        byte_set_add(&set, (unsigned char)*reject);
    while (!byte_set_has(&set, *at))
        at++;
    return (size_t)((const char *)at - string);
}

char *strpbrk(const char *string, const char *accept)
{
    string += strcspn(string, accept);
    return *string ? (char *)string : NULL;
}
