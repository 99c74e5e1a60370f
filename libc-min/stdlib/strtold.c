#include "float_parse.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const struct binary_format format = {64, -16382, 16383};

/* A decimal number with an exact significand and an exact power of ten needs one operation, which
 * rounds correctly in every direction (Clinger). */
static int fast_path(const struct float_text *parsed, long double *value)
{
    static const long double powers[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                         1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                         1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                         1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    long double significand;

    if (parsed->kind != TEXT_DECIMAL || parsed->truncated || parsed->exponent < -27 ||
        parsed->exponent > 27)
        return 0;
    significand = (long double)parsed->significand;
    if (parsed->negative)
        significand = -significand;
    *value = parsed->exponent < 0 ? significand / powers[-parsed->exponent]
                                  : significand * powers[parsed->exponent];
    return 1;
}

/* x87 extended: psABI 3.1.2, no hidden bit */
static long double assemble(const struct binary *binary, int negative)
{
    int exponent = binary->significand >> 63 ? binary->exponent + 16383 : 0;
    union {
        struct {
            uint64_t significand;
            uint16_t sign_exponent;
        } bits;
        long double value;
    } result = {{binary->significand, (uint16_t)(negative << 15 | exponent)}};

    return result.value;
}

long double strtold(const char *restrict text, char **restrict end)
{
    struct float_text parsed;
    struct binary binary;
    long double value;

    __float_parse(text, end, &parsed);
    if (fast_path(&parsed, &value))
        return value;
    switch (parsed.kind) {
    case TEXT_INFINITY:
        return parsed.negative ? -(long double)INFINITY : (long double)INFINITY;
    case TEXT_NAN:
        return parsed.negative ? -(long double)NAN : (long double)NAN;
    case TEXT_NONE:
        return 0;
    default:
        break;
    }
    if (!parsed.significand)
        return parsed.negative ? -(long double)0 : 0;
    binary = __binary_from_text(&parsed, &format);
    if (binary.out_of_range)
        errno = ERANGE;
    return assemble(&binary, parsed.negative);
}
