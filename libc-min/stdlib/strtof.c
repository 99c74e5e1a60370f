#include "float_parse.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const struct binary_format format = {24, -126, 127};

/* A decimal number with an exact significand and an exact power of ten needs one operation, which
 * rounds correctly in every direction (Clinger). */
static int fast_path(const struct float_text *parsed, float *value)
{
    static const float powers[] = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f,
                                   1e6f, 1e7f, 1e8f, 1e9f, 1e10f};
    float significand;

    if (parsed->kind != TEXT_DECIMAL || parsed->truncated ||
        parsed->significand > (uint64_t)1 << 24 || parsed->exponent < -10 || parsed->exponent > 10)
        return 0;
    significand = (float)parsed->significand;
    if (parsed->negative)
        significand = -significand;
    *value = parsed->exponent < 0 ? significand / powers[-parsed->exponent]
                                  : significand * powers[parsed->exponent];
    return 1;
}

static float assemble(const struct binary *binary, int negative)
{
    uint32_t exponent = binary->significand >> 23 ? (uint32_t)(binary->exponent + 127) : 0;
    union {
        uint32_t bits;
        float value;
    } result = {(uint32_t)negative << 31 | exponent << 23 |
                (uint32_t)(binary->significand & ((1u << 23) - 1))};

    return result.value;
}

float strtof(const char *restrict text, char **restrict end)
{
    struct float_text parsed;
    struct binary binary;
    float value;

    __float_parse(text, end, &parsed);
    if (fast_path(&parsed, &value))
        return value;
    switch (parsed.kind) {
    case TEXT_INFINITY:
        return parsed.negative ? -(float)INFINITY : (float)INFINITY;
    case TEXT_NAN:
        return parsed.negative ? -(float)NAN : (float)NAN;
    case TEXT_NONE:
        return 0;
    default:
        break;
    }
    if (!parsed.significand)
        return parsed.negative ? -(float)0 : 0;
    binary = __binary_from_text(&parsed, &format);
    if (binary.out_of_range)
        errno = ERANGE;
    return assemble(&binary, parsed.negative);
}
