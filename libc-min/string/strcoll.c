/* Collation: every locale sorts by the value of the bytes, as the C locale does. */
#include "internal.h"
#include <string.h>

int strcoll(const char *a, const char *b)
{
    return strcmp(a, b);
}

int strcoll_l(const char *a, const char *b, locale_t locale)
{
    (void)locale;
    return strcmp(a, b);
}

size_t strxfrm(char *restrict to, const char *restrict from, size_t size)
{
    size_t length = strlen(from);

    /* If the text does not fit, the contents are indeterminate (C11 7.24.4.5). */
    if (length < size)
        memcpy(to, from, length + 1);
    return length;
}

size_t strxfrm_l(char *restrict to, const char *restrict from, size_t size, locale_t locale)
{
    (void)locale;
    return strxfrm(to, from, size);
}
