/* Classes, case and width of wide characters, by Unicode in every locale. unicode_tables.h names
 * the version; unicode.py makes the tables from the files of Debian's package unicode-data. */
#include <wchar.h>
#include <wctype.h>

#undef iswdigit

struct range {
    unsigned first, last;
};

/* A run of characters, `step` apart; the other case is at the distance `way`. */
struct run {
    unsigned first, last;
    int step, way;
};

#include "unicode_tables.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static inline int between(wint_t c, wint_t first, wint_t last)
{
    return c - first <= last - first;
}

static int is_in(const struct range *table, size_t count, wint_t c)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (c > table[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && c >= table[low].first;
}

static wint_t map(const struct run *table, size_t count, wint_t c)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (c > table[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count || c < table[low].first || (c - table[low].first) % (unsigned)table[low].step)
        return c;
    return c + (wint_t)table[low].way;
}

wint_t towlower(wint_t c)
{
    if (c < 0x80)
        return between(c, 'A', 'Z') ? c | 0x20 : c;
    return map(to_lower, COUNT(to_lower), c);
}

wint_t towupper(wint_t c)
{
    if (c < 0x80)
        return between(c, 'a', 'z') ? c & ~0x20U : c;
    return map(to_upper, COUNT(to_upper), c);
}

int iswdigit(wint_t c)
{
    return between(c, '0', '9');
}

int iswxdigit(wint_t c)
{
    return between(c, '0', '9') || between(c | 0x20, 'a', 'f');
}

/* Characters that the upper mapping changes, and sharp s, which has no simple upper case. */
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
    if (c < 0x80)
        return between(c | 0x20, 'a', 'z');
    return is_in(alpha, COUNT(alpha), c);
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
    return c < 0x20 || between(c, 0x7f, 0x9f) || between(c, 0x2028, 0x2029) ||
           between(c, 0xfff9, 0xfffb);
}

/* Unicode's White_Space, without the characters that do not allow a break. */
int iswspace(wint_t c)
{
    return c == ' ' || between(c, '\t', '\r') || c == 0x85 || c == 0x1680 ||
           between(c, 0x2000, 0x2006) || between(c, 0x2008, 0x200a) || between(c, 0x2028, 0x2029) ||
           c == 0x205f || c == 0x3000;
}

/* Includes characters that Unicode has not assigned: one that is newer than the tables is to be
 * printed. */
int iswprint(wint_t c)
{
    return c < 0x110000 && !iswcntrl(c) && !between(c, 0xd800, 0xdfff) && (c & 0xfffe) != 0xfffe;
}

int iswgraph(wint_t c)
{
    return iswprint(c) && !iswspace(c);
}

int iswpunct(wint_t c)
{
    return is_in(punct, COUNT(punct), c);
}

/* Columns on a terminal: none for combining characters, two for East Asian wide characters. */
int wcwidth(wchar_t wide)
{
    wint_t c = (wint_t)wide;

    if (between(c, 0x20, 0x7e))
        return 1;
    if (c == 0)
        return 0;
    if (!iswprint(c))
        return -1;
    if (is_in(zero_width, COUNT(zero_width), c))
        return 0;
    return is_in(double_width, COUNT(double_width), c) ? 2 : 1;
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
