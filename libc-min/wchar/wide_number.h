#ifndef LIBC_WIDE_NUMBER_H
#define LIBC_WIDE_NUMBER_H

#include "alias.h"
#include <stddef.h>
#include <wchar.h>

/* The text of a possible number at the beginning of a wide text, as bytes. Every character of a
 * number is ASCII, so that an index is the same in both texts. */
struct wide_number {
    const wchar_t *begin; /* after the white space */
    char *bytes;
    char small[128];
};

HIDDEN void __wide_number_begin(struct wide_number *number, const wchar_t *text);
/* Frees the bytes, and sets *wide_end to the end of the number; `end` is an address in the bytes.
 */
HIDDEN void __wide_number_end(struct wide_number *number, const wchar_t *text, const char *end,
                              wchar_t **wide_end);

#endif
