#include "libc-min/string/internal.h"
#include <wchar.h>

wchar_t *wcsstr(const wchar_t *restrict string, const wchar_t *restrict needle)
{
    size_t size = wcslen(needle) * sizeof *needle;
    const char *at, *end;

    if (!needle[0])
        return (wchar_t *)string;
    string = wcschr(string, needle[0]);
    if (!string || !needle[1])
        return (wchar_t *)string;

    /* Searches the bytes; a match that begins inside a character does not count. */
    at = (const char *)string;
    end = (const char *)(string + wcslen(string));
    while ((at = __search(at, (size_t)(end - at), 0, needle, size)) != NULL) {
        if ((at - (const char *)string) % (ptrdiff_t)sizeof *string == 0)
            return (wchar_t *)(string + (at - (const char *)string) / (ptrdiff_t)sizeof *string);
        at++;
    }
    return NULL;
}

/* XPG4's name. */
wchar_t *wcswcs(const wchar_t *string, const wchar_t *needle)
{
    return wcsstr(string, needle);
}
