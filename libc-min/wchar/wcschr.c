/* Searching strings of wide characters. */
#include <wchar.h>

wchar_t *wcschr(const wchar_t *string, wchar_t wide)
{
    for (;; string++) {
        if (*string == wide)
            return (wchar_t *)string;
        if (!*string)
            return NULL;
    }
}

wchar_t *wcsrchr(const wchar_t *string, wchar_t wide)
{
    const wchar_t *last = NULL;

    for (;; string++) {
        if (*string == wide)
            last = string;
        if (!*string)
            return (wchar_t *)last;
    }
}

size_t wcsspn(const wchar_t *string, const wchar_t *accept)
{
    size_t span = 0;

    while (string[span] && wcschr(accept, string[span]))
        span++;
    return span;
}

size_t wcscspn(const wchar_t *string, const wchar_t *reject)
{
    size_t span = 0;

    while (string[span] && !wcschr(reject, string[span]))
        span++;
    return span;
}

wchar_t *wcspbrk(const wchar_t *string, const wchar_t *accept)
{
    string += wcscspn(string, accept);
    return *string ? (wchar_t *)string : NULL;
}

wchar_t *wcstok(wchar_t *restrict string, const wchar_t *restrict separators,
                wchar_t **restrict rest)
{
    wchar_t *token = string ? string : *rest, *end;

    if (!token)
        return NULL;
    token += wcsspn(token, separators);
    if (!*token) {
        *rest = NULL;
        return NULL;
    }
    end = token + wcscspn(token, separators);
    *rest = *end ? end + 1 : NULL;
    *end = 0;
    return token;
}
