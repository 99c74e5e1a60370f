#ifndef LIBC_WIDE_NUMBER_H
#define LIBC_WIDE_NUMBER_H

#include "alias.h"
#include <stddef.h>
#include <wchar.h>

/* What may be a number at the beginning of a wide text, as bytes. Every character of a number is
 * ASCII, so that a place in one is a place in the other. */
struct wide_number {
    const wchar_t *begin; /* behind the white space */
    char *bytes;
    char small[128];
};

HIDDEN void __wide_number_begin(struct wide_number *number, const wchar_t *text);
/* Frees it, and says where the number ended: `end` is a place in bytes. */
HIDDEN void __wide_number_end(struct wide_number *number, const wchar_t *text, const char *end,
                              wchar_t **wide_end);

#endif
