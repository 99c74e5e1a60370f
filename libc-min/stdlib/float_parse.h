/* Text to binary floating numbers, correctly rounded in the current direction. */
#ifndef LIBC_FLOAT_PARSE_H
#define LIBC_FLOAT_PARSE_H

#include "decimal.h"

enum text_kind { TEXT_NONE, TEXT_DECIMAL, TEXT_HEXADECIMAL, TEXT_INFINITY, TEXT_NAN };

/* The subject sequence of strtod() (C17 7.22.1.3), parsed. A number is significand * 10^exponent,
 * or hexadecimal * 2^exponent. If not all digits fit, the number is greater than that, and less
 * than (significand + 1) * ... . `significand` is 0 for zeros of both kinds, and only for these. */
struct float_text {
    enum text_kind kind;
    int negative;
    int truncated;
    uint64_t significand;
    int64_t exponent;
    uint128_t hexadecimal; /* up to 128 bits, for which `significand` is too narrow */

    /* the digits themselves, from the first that is not 0, possibly with a point among them; the
     * first stands for a multiple of 10^leading */
    const char *digits;
    const char *digits_end;
    int64_t leading;
};

/* The range of a type. */
struct binary_format {
    int bits;     /* of the significand, with the hidden one */
    int least;    /* exponent of the least normal number: 2^least */
    int greatest; /* of the greatest finite one */
};

struct binary {
    uint64_t significand; /* `bits` bits, or fewer for a subnormal number; 0: zero */
    int exponent;         /* of the top bit of a normal number; greatest + 1: infinity */
    int out_of_range;     /* ERANGE: overflow, or a subnormal number that is not exact */
};

/* Parses a number; *end is as in strtod(). */
HIDDEN void __float_parse(const char *text, char **end, struct float_text *parsed);

/* Rounds top * 2^exponent, and a little more if `more`, to the format. `top` has bit 127 set. */
HIDDEN struct binary __binary_round(uint128_t top, int64_t exponent, int more, int negative,
                                    const struct binary_format *format);

/* Convert a finite number other than zero. */
HIDDEN struct binary __binary_from_text(const struct float_text *parsed,
                                        const struct binary_format *format);
HIDDEN struct binary __binary_exact(const struct float_text *parsed,
                                    const struct binary_format *format);

#endif
