/* Multibyte characters: shared by the functions of this folder.
 *
 * There are two encodings. In the "C" locale each byte is a character. Bytes from 0x80 up are the
 * wide characters 0xdf80 to 0xdfff, which no UTF-8 text contains (they are surrogates); so every
 * string of bytes survives a conversion to wide characters and back. In all other locales the
 * encoding is UTF-8 as restricted by RFC 3629: no surrogates, nothing past U+10FFFF, no overlong
 * form. The thread's locale selects the encoding; for a wide stream, the locale at its first wide
 * operation. */
#ifndef LIBC_MULTIBYTE_H
#define LIBC_MULTIBYTE_H

#include "alias.h"
#include "locale_struct.h"
#include <stddef.h>
#include <wchar.h>

/* Nonzero if the calling thread's encoding is UTF-8. */
static inline int locale_utf8(void)
{
    return locale_current()->utf8;
}

/* mbrtowc() and wcrtomb() for a given encoding; `state` may not be NULL. */
HIDDEN size_t __multibyte_decode(wchar_t *wide, const char *string, size_t size, mbstate_t *state,
                                 int utf8);
HIDDEN size_t __multibyte_encode(char *string, wchar_t wide, int utf8);

#define UTF8_MAX 4 /* bytes of a character */

/* The "C" locale's wide character of a byte from 0x80 up. */
#define WIDE_OF_BYTE(byte)  ((wchar_t)(0xdf00 | (byte)))
#define IS_WIDE_OF_BYTE(wc) ((unsigned)(wc)-0xdf80U < 0x80U)

/* An incomplete character; all zero before the first byte. */
struct partial {
    unsigned value;         /* the bits so far */
    unsigned char expected; /* bytes of the whole character; 0: no byte yet */
    unsigned char missing;  /* bytes still missing */
    unsigned char unused[2];
};

/* The length of a complete, valid character of two bytes or more; 0 for bytes that need a closer
 * check. No byte is read after one that does not continue the character. */
static inline size_t utf8_decode(wchar_t *wide, const unsigned char *byte, size_t size)
{
    unsigned first = byte[0], value;

#define CONTINUES(index) ((byte[index] & 0xc0) == 0x80)
    if (first - 0xc2 < 0x1e) {
        if (size < 2 || !CONTINUES(1))
            return 0;
        *wide = (wchar_t)((first & 0x1f) << 6 | (byte[1] & 0x3fU));
        return 2;
    }
    if (first >> 4 == 0xe) {
        if (size < 3 || !CONTINUES(1) || !CONTINUES(2))
            return 0;
        value = (first & 0xf) << 12 | (byte[1] & 0x3fU) << 6 | (byte[2] & 0x3fU);
        *wide = (wchar_t)value;
        return value < 0x800 || value - 0xd800 < 0x800 ? 0 : 3;
    }
    if (first < 0xf0 || size < 4 || !CONTINUES(1) || !CONTINUES(2) || !CONTINUES(3))
        return 0;
    value = (first & 0xf) << 18 | (byte[1] & 0x3fU) << 12 | (byte[2] & 0x3fU) << 6 |
            (byte[3] & 0x3fU);
    *wide = (wchar_t)value;
    return value - 0x10000 < 0x100000 ? 4 : 0; /* excludes 0xf5 and up */
#undef CONTINUES
}

_Static_assert(sizeof(struct partial) == sizeof(mbstate_t), "mbstate_t holds a struct partial");

#endif
