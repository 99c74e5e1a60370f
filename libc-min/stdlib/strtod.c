#include "float_parse.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const struct binary_format format = {53, -1022, 1023};

/* A decimal number with an exact significand and an exact power of ten needs one operation, which
 * rounds correctly in every direction (Clinger). */
static int fast_path(const struct float_text *parsed, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double significand;

    if (parsed->kind != TEXT_DECIMAL || parsed->truncated ||
        parsed->significand > (uint64_t)1 << 53 || parsed->exponent < -22 || parsed->exponent > 22)
        return 0;
    significand = (double)parsed->significand;
    if (parsed->negative)
        significand = -significand;
    *value = parsed->exponent < 0 ? significand / powers[-parsed->exponent]
                                  : significand * powers[parsed->exponent];
    return 1;
}

static double assemble(const struct binary *binary, int negative)
{
    uint64_t exponent = binary->significand >> 52 ? (uint64_t)(binary->exponent + 1023) : 0;
    union {
        uint64_t bits;
        double value;
    } result = {(uint64_t)negative << 63 | exponent << 52 |
                (binary->significand & (((uint64_t)1 << 52) - 1))};

    return result.value;
}

double strtod(const char *restrict text, char **restrict end)
{
    struct float_text parsed;
    struct binary binary;
    double value;

    __float_parse(text, end, &parsed);
    if (fast_path(&parsed, &value))
        return value;
    switch (parsed.kind) {
    case TEXT_INFINITY:
        return parsed.negative ? -(double)INFINITY : (double)INFINITY;
    case TEXT_NAN:
        return parsed.negative ? -(double)NAN : (double)NAN;
    case TEXT_NONE:
        return 0;
    default:
        break;
    }
    if (!parsed.significand)
        return parsed.negative ? -(double)0 : 0;
    binary = __binary_from_text(&parsed, &format);
    if (binary.out_of_range)
        errno = ERANGE;
    return assemble(&binary, parsed.negative);
}
