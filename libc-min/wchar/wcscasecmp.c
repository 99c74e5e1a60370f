#include <stdint.h>
#include <wchar.h>
#include <wctype.h>

int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t most)
{
    for (size_t i = 0; i < most; i++) {
        wint_t left = towlower((wint_t)a[i]), right = towlower((wint_t)b[i]);

        if (left != right)
            return left < right ? -1 : 1;
        if (!left)
            break;
    }
    return 0;
}

int wcscasecmp(const wchar_t *a, const wchar_t *b)
{
    return wcsncasecmp(a, b, SIZE_MAX);
}

int wcscasecmp_l(const wchar_t *a, const wchar_t *b, locale_t locale)
{
    (void)locale;
    return wcsncasecmp(a, b, SIZE_MAX);
}

int wcsncasecmp_l(const wchar_t *a, const wchar_t *b, size_t most, locale_t locale)
{
    (void)locale;
    return wcsncasecmp(a, b, most);
}
