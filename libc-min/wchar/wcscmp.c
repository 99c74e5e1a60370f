/* Comparing strings of wide characters; collation is by value, as in strcoll(). */
#include "alias.h"
#include <stdint.h>
#include <wchar.h>

int wcsncmp(const wchar_t *a, const wchar_t *b, size_t most)
{
    for (size_t i = 0; i < most; i++) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
        if (!a[i])
            break;
    }
    return 0;
}

int wcscmp(const wchar_t *a, const wchar_t *b)
{
    return wcsncmp(a, b, SIZE_MAX);
}

int wcscoll(const wchar_t *a, const wchar_t *b)
{
    return wcsncmp(a, b, SIZE_MAX);
}

int wcscoll_l(const wchar_t *a, const wchar_t *b, locale_t locale)
{
    (void)locale;
    return wcsncmp(a, b, SIZE_MAX);
}

size_t wcsxfrm(wchar_t *restrict to, const wchar_t *restrict from, size_t size)
{
    size_t length = wcslen(from);

    /* If the text does not fit, the contents are indeterminate (C11 7.29.4.4.4). */
    if (length < size)
        wmemcpy(to, from, length + 1);
    return length;
}

size_t wcsxfrm_l(wchar_t *restrict to, const wchar_t *restrict from, size_t size, locale_t locale)
{
    (void)locale;
    return wcsxfrm(to, from, size);
}
