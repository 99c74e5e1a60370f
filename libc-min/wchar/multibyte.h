/* Characters of more than one byte: what the functions of this folder share.
 *
 * There are two encodings.  In the "C" locale each byte is a character, and those from 0x80 up are
 * wide characters 0xdf80 to 0xdfff, which no UTF-8 text contains (they are surrogates), so that
 * every string of bytes survives a conversion there and back. Everywhere else it is UTF-8, as
 * RFC 3629 restricts it: no surrogates, nothing past U+10FFFF, no longer form than needed.
 * The thread's locale decides which; for a wide stream, the one at its first wide operation. */
#ifndef LIBC_MULTIBYTE_H
#define LIBC_MULTIBYTE_H

#include "alias.h"
#include "locale_struct.h"
#include <stddef.h>
#include <wchar.h>

/* Whether characters are UTF-8 to the calling thread. */
static inline int locale_utf8(void)
{
    return locale_current()->utf8;
}

/* mbrtowc() and wcrtomb() in an encoding that the caller knows; `state` may not be NULL. */
HIDDEN size_t __multibyte_decode(wchar_t *wide, const char *string, size_t size, mbstate_t *state,
                                 int utf8);
HIDDEN size_t __multibyte_encode(char *string, wchar_t wide, int utf8);

#define UTF8_MAX 4 /* bytes of a character */

/* The "C" locale's wide character of a byte from 0x80 up. */
#define WIDE_OF_BYTE(byte)  ((wchar_t)(0xdf00 | (byte)))
#define IS_WIDE_OF_BYTE(wc) ((unsigned)(wc)-0xdf80U < 0x80U)

/* A character of which some bytes have been seen; all zero at the beginning of one. */
struct partial {
    unsigned value;         /* the bits so far */
    unsigned char expected; /* bytes of the whole character; 0: none has been seen */
    unsigned char missing;  /* of which are still to come */
    unsigned char unused[2];
};

/* A character of two bytes or more that is whole and right: how many bytes it has. 0 for what takes
 * a closer look. No byte is read behind one that does not continue. */
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
    return value - 0x10000 < 0x100000 ? 4 : 0; /* which leaves 0xf5 and up out */
#undef CONTINUES
}

_Static_assert(sizeof(struct partial) == sizeof(mbstate_t), "mbstate_t holds a struct partial");

#endif
