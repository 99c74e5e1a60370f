/* The printf and scanf families are written once, for `character`, and compiled twice: NAME.c is
 * for bytes; NAME_wide.c defines WIDE and includes NAME.c. */
#ifndef LIBC_CHARACTER_H
#define LIBC_CHARACTER_H

#include "libc-min/stdlib/integer_parse.h"
#include <stddef.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#ifdef WIDE

typedef wchar_t character;

/* Names that exist in both. */
#define __format           __wide_format
#define __format_string    __wide_format_string
#define __format_wide      __wide_format_wide
#define __format_character __wide_format_character
#define __format_float     __wide_format_float
#define __sink_spill       __wide_sink_spill
#define __sink_fill        __wide_sink_fill
#define __scan             __wide_scan
#define __item_integer     __wide_item_integer
#define __item_float       __wide_item_float
#define __item_end         __wide_item_end

static inline const character *character_find(const character *text, character wanted)
{
    const character *found = wcschr(text, wanted);

    return found;
}

/* The character as a byte; a character that is not ASCII becomes a byte that is no letter of a
 * format. */
static inline char character_letter(character wide)
{
    return (unsigned)wide < 0x80 ? (char)wide : 0x7f;
}

static inline int character_is_space(int wide)
{
    return iswspace((wint_t)wide);
}

#else

typedef char character;

static inline const character *character_find(const character *text, character wanted)
{
    return strchr(text, wanted);
}

static inline char character_letter(character byte)
{
    return byte;
}

static inline int character_is_space(int byte)
{
    return is_space(byte);
}

#endif

#endif
