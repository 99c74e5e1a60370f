#ifndef LIBC_INTEGER_PARSE_H
#define LIBC_INTEGER_PARSE_H

#include "alias.h"
#include <stdint.h>

/* The subject sequence of strtol() and its like (C17 7.22.1.4). *magnitude is UINT64_MAX and the
 * answer nonzero where it is more than that. *end is `text` if there is no number, and errno is
 * EINVAL only for a base that is none (POSIX also allows it for the former). */
HIDDEN int __integer_parse(const char *text, char **end, int base, uint64_t *magnitude,
                           int *negative);

/* The subject sequence as a number of the range that `most` and `least`'s magnitude give. */
HIDDEN int64_t __integer_signed(const char *text, char **end, int base, int64_t least,
                                int64_t most);

/* White space of the C locale, and no call. */
static inline int is_space(int character)
{
    return character == ' ' || (unsigned)character - '\t' < 5;
}

/* What a digit of base 36 stands for; 36 or more for what is none. */
static inline unsigned digit_value(int character)
{
    unsigned letter = ((unsigned)character | 0x20) - 'a';

    if ((unsigned)character - '0' < 10)
        return (unsigned)character - '0';
    return letter < 26 ? letter + 10 : 36;
}

#endif
