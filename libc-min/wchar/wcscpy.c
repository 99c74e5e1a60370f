/* Copying strings of wide characters. */
#include "alias.h"
#include <wchar.h>

/* ISO C's functions may not call POSIX's wcpcpy() and wcpncpy(). */
static inline wchar_t *copy(wchar_t *to, const wchar_t *from)
{
    size_t length = wcslen(from);

    wmemcpy(to, from, length + 1);
    return to + length;
}

static inline wchar_t *copy_padded(wchar_t *to, const wchar_t *from, size_t size)
{
    size_t length = 0;

    for (; length < size && from[length]; length++)
        to[length] = from[length];
    wmemset(to + length, 0, size - length);
    return to + length;
}

wchar_t *wcscpy(wchar_t *restrict to, const wchar_t *restrict from)
{
    copy(to, from);
    return to;
}

wchar_t *wcsncpy(wchar_t *restrict to, const wchar_t *restrict from, size_t size)
{
    copy_padded(to, from, size);
    return to;
}

wchar_t *wcscat(wchar_t *restrict to, const wchar_t *restrict from)
{
    copy(to + wcslen(to), from);
    return to;
}

wchar_t *wcsncat(wchar_t *restrict to, const wchar_t *restrict from, size_t most)
{
    wchar_t *end = to + wcslen(to);

    for (; most != 0 && *from; most--)
        *end++ = *from++;
    *end = 0;
    return to;
}

static wchar_t *copy_to_end(wchar_t *restrict to, const wchar_t *restrict from)
{
    return copy(to, from);
}

static wchar_t *copy_padded_to_end(wchar_t *restrict to, const wchar_t *restrict from, size_t size)
{
    return copy_padded(to, from, size);
}

WEAK_ALIAS(copy_to_end, wcpcpy);
WEAK_ALIAS(copy_padded_to_end, wcpncpy);
