/* Characters of more than one byte: what the functions of this folder share.
 *
 * There are two encodings.  In the "C" locale each byte is a character, and those from 0x80 up are
 * wide characters 0xdf80 to 0xdfff, which no UTF-8 text contains (they are surrogates), so that
 * every string of bytes survives a conversion there and back. Everywhere else it is UTF-8, as
 * RFC 3629 restricts it: no surrogates, nothing past U+10FFFF, no longer form than needed. */
#ifndef LIBC_MULTIBYTE_H
#define LIBC_MULTIBYTE_H

#include "alias.h"
#include <stddef.h>
#include <wchar.h>

/* Set by setlocale(): whether LC_CTYPE is a UTF-8 locale. */
extern HIDDEN int __multibyte_utf8;

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

_Static_assert(sizeof(struct partial) == sizeof(mbstate_t), "mbstate_t holds a struct partial");

#endif
