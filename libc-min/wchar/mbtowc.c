/* Conversions of one character without a state. */
#include "multibyte.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int mbtowc(wchar_t *restrict wide, const char *restrict string, size_t size)
{
    mbstate_t state = {0};
    size_t used;

    if (!string)
        return 0;
    used = mbrtowc(wide, string, size, &state);
    if (used == (size_t)-2) {
        errno = EILSEQ;
        return -1;
    }
    return (int)used;
}

int mblen(const char *string, size_t size)
{
    return mbtowc(NULL, string, size);
}

int wctomb(char *string, wchar_t wide)
{
    return string ? (int)wcrtomb(string, wide, NULL) : 0;
}

wint_t btowc(int byte)
{
    if ((unsigned)byte < 0x80)
        return (wint_t)byte;
    return (unsigned)byte <= 0xff && !locale_utf8() ? (wint_t)WIDE_OF_BYTE(byte) : WEOF;
}

int wctob(wint_t wide)
{
    if (wide < 0x80)
        return (int)wide;
    return IS_WIDE_OF_BYTE(wide) && !locale_utf8() ? (int)(wide & 0xff) : EOF;
}
