#include "multibyte.h"
#include <errno.h>

static inline size_t encode(char *string, wchar_t wide, int utf8)
{
    unsigned value = (unsigned)wide;

    if (value < 0x80) {
        string[0] = (char)value;
        return 1;
    }
    if (!utf8) {
        if (!IS_WIDE_OF_BYTE(value))
            goto invalid;
        string[0] = (char)value;
        return 1;
    }
    if (value < 0x800) {
        string[0] = (char)(0xc0 | value >> 6);
        string[1] = (char)(0x80 | (value & 0x3f));
        return 2;
    }
    if (value < 0x10000) {
        if (value - 0xd800U < 0x800U)
            goto invalid;
        string[0] = (char)(0xe0 | value >> 12);
        string[1] = (char)(0x80 | (value >> 6 & 0x3f));
        string[2] = (char)(0x80 | (value & 0x3f));
        return 3;
    }
    if (value < 0x110000) {
        string[0] = (char)(0xf0 | value >> 18);
        string[1] = (char)(0x80 | (value >> 12 & 0x3f));
        string[2] = (char)(0x80 | (value >> 6 & 0x3f));
        string[3] = (char)(0x80 | (value & 0x3f));
        return 4;
    }

invalid:
    errno = EILSEQ;
    return (size_t)-1;
}

size_t __multibyte_encode(char *string, wchar_t wide, int utf8)
{
    return encode(string, wide, utf8);
}

size_t wcrtomb(char *restrict string, wchar_t wide, mbstate_t *restrict state)
{
    (void)state; /* neither encoding has shift states */
    if (!string)
        return 1;
    if ((unsigned)wide < 0x80) {
        string[0] = (char)wide;
        return 1;
    }
    return encode(string, wide, locale_utf8());
}
