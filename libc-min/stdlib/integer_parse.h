#ifndef LIBC_INTEGER_PARSE_H
#define LIBC_INTEGER_PARSE_H

#include "alias.h"
#include <stdint.h>

/* Parses the subject sequence of strtol() and related functions (C17 7.22.1.4). For a magnitude
 * over UINT64_MAX, *magnitude is UINT64_MAX and the result is nonzero. *end is `text` if there is
 * no number; errno is EINVAL only for an invalid base (POSIX allows it for a missing number, too).
 */
HIDDEN int __integer_parse(const char *text, char **end, int base, uint64_t *magnitude,
                           int *negative);

/* The subject sequence as a number, limited to the range from `least` to `most`. */
HIDDEN int64_t __integer_signed(const char *text, char **end, int base, int64_t least,
                                int64_t most);

/* White space of the C locale, without a call. */
static inline int is_space(int character)
{
    return character == ' ' || (unsigned)character - '\t' < 5;
}

/* The value of a digit in base 36; 36 or more if the character is no digit. */
static inline unsigned digit_value(int character)
{
    unsigned letter = ((unsigned)character | 0x20) - 'a';

    if ((unsigned)character - '0' < 10)
        return (unsigned)character - '0';
    return letter < 26 ? letter + 10 : 36;
}

#endif
