/* Placeholder classes: ASCII and Latin-1 only. */
#include <wchar.h>
#include <wctype.h>

#undef iswdigit

static inline int between(wint_t c, wint_t first, wint_t last)
{
    return c - first <= last - first;
}

int iswdigit(wint_t c)
{
    return between(c, '0', '9');
}

wint_t towlower(wint_t c)
{
    if (between(c, 'A', 'Z') || (between(c, 0xc0, 0xde) && c != 0xd7))
        return c + 0x20;
    return c;
}

wint_t towupper(wint_t c)
{
    if (between(c, 'a', 'z') || (between(c, 0xe0, 0xfe) && c != 0xf7))
        return c - 0x20;
    return c == 0xff ? 0x178 : c;
}

int iswlower(wint_t c)
{
    return towupper(c) != c || c == 0xdf;
}

int iswupper(wint_t c)
{
    return towlower(c) != c;
}

int iswalpha(wint_t c)
{
    return between(c | 0x20, 'a', 'z') || c == 0xaa || c == 0xb5 || c == 0xba ||
           (between(c, 0xc0, 0xff) && c != 0xd7 && c != 0xf7) || between(c, 0x100, 0x1ff);
}

int iswalnum(wint_t c)
{
    return iswdigit(c) || iswalpha(c);
}

int iswblank(wint_t c)
{
    return c == ' ' || c == '\t';
}

int iswcntrl(wint_t c)
{
    return c < 0x20 || between(c, 0x7f, 0x9f) || c == 0x2028 || c == 0x2029;
}

int iswspace(wint_t c)
{
    return c == ' ' || between(c, '\t', '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

int iswprint(wint_t c)
{
    return !iswcntrl(c) && c < 0x110000 && !between(c, 0xd800, 0xdfff);
}

int iswgraph(wint_t c)
{
    return iswprint(c) && !iswspace(c);
}

int iswpunct(wint_t c)
{
    return iswgraph(c) && !iswalnum(c);
}

int iswxdigit(wint_t c)
{
    return between(c, '0', '9') || between(c | 0x20, 'a', 'f');
}

int wcwidth(wchar_t wide)
{
    if (wide == 0)
        return 0;
    return iswprint((wint_t)wide) ? 1 : -1;
}

int wcswidth(const wchar_t *string, size_t most)
{
    int width = 0;

    for (; most != 0 && *string; most--, string++) {
        int columns = wcwidth(*string);

        if (columns < 0)
            return -1;
        width += columns;
    }
    return width;
}
