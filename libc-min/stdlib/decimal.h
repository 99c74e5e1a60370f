/* Conversion from binary to decimal and back, exactly.
 *
 * A binary number is `mantissa * 2^exponent` with the mantissa's top bit set. Both directions first
 * multiply by an approximate power of ten with a known error. If the error can change the rounded
 * result, integers of any size decide instead. The idea is Clinger's (How to Read Floating Point
 * Numbers Accurately, PLDI 1990). Lemire showed that with 128 bits of the power almost every case
 * is decided (Number Parsing at a Gigabyte per Second, Software: Practice and Experience 51(8),
 * 2021). */
#ifndef LIBC_DECIMAL_H
#define LIBC_DECIMAL_H

#include "alias.h"
#include <stdint.h>

__extension__ typedef unsigned __int128 uint128_t;

static inline int leading_zeros(uint128_t value)
{
    uint64_t high = (uint64_t)(value >> 64);

    return high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)value);
}

/* (high * 2^64 + low) * 2^exponent, with the top bit of `high` set. 10^q is at least that, and
 * exceeds it by less than POWER_ERROR * 2^exponent. */
struct power {
    uint64_t high;
    uint64_t low;
    int exponent;
    int exact;
};

#define POWER_ERROR 3
#define POWER_LEAST (-378)
#define POWER_MOST  377

HIDDEN struct power __power_of_ten(int q);

/* mantissa * power: returns the upper 128 bits of the 192; *low gets the rest. */
static inline uint128_t power_multiply(uint64_t mantissa, const struct power *power, uint64_t *low)
{
    uint128_t lower = (uint128_t)mantissa * power->low;

    *low = (uint64_t)lower;
    return (uint128_t)mantissa * power->high + (uint64_t)(lower >> 64);
}

/* The number, and which decimal digits are requested. */
struct decimal_request {
    uint64_t mantissa;
    int exponent;
    int negative;    /* matters if the rounding direction is up or down */
    int significant; /* `count` significant digits, or else `count` digits after the point */
    int count;
};

/* The digits of a number, rounded in the current direction, are text[0..count). The first is not
 * '0', and stands for a multiple of 10^exponent. Requested digits that are not stored are zeros; a
 * number that rounds to zero has no digits. */
struct decimal {
    char *text;
    int count;
    int exponent;
};

#define DECIMAL_FAST 20 /* bytes of text that decimal_fast() needs */

/* Nonzero if the digits were found. `text` must have DECIMAL_FAST bytes. */
HIDDEN int __decimal_fast(const struct decimal_request *request, struct decimal *decimal);

/* The most digits of an x87 extended number, plus one group: 5^16445 has 11495. */
#define DECIMAL_EXACT 11600

/* Always finds the digits. `text` must have DECIMAL_EXACT bytes. */
HIDDEN void __decimal_exact(const struct decimal_request *request, struct decimal *decimal);

#endif
