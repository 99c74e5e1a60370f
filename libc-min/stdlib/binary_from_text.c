/* Multiplies by a power of ten with a known error. If both ends of the possible range round to the
 * same number, the result is right. */
#include "float_parse.h"

static uint128_t normalize(uint128_t value, uint64_t *low, int64_t *exponent)
{
    if (!(value >> 127)) {
        value = value << 1 | *low >> 63;
        *low <<= 1;
        --*exponent;
    }
    return value;
}

/* A little more than value * 2^exponent. */
static struct binary binary_inexact(uint128_t value, int64_t exponent, int negative,
                                    const struct binary_format *format)
{
    uint64_t low = 0;

    value = normalize(value, &low, &exponent);
    return __binary_round(value, exponent, 1, negative, format);
}

static int binary_same(const struct binary *one, const struct binary *other)
{
    return one->significand == other->significand && one->exponent == other->exponent &&
           one->out_of_range == other->out_of_range;
}

struct binary __binary_from_text(const struct float_text *parsed,
                                 const struct binary_format *format)
{
    int shift = __builtin_clzll(parsed->significand);
    uint64_t significand = parsed->significand << shift, low;
    int64_t exponent = parsed->exponent - shift;
    struct binary least, most;
    uint128_t product, error = POWER_ERROR + 1;
    struct power power;

    if (parsed->kind == TEXT_HEXADECIMAL) {
        shift = leading_zeros(parsed->hexadecimal);
        return __binary_round(parsed->hexadecimal << shift, parsed->exponent - shift,
                              parsed->truncated, parsed->negative, format);
    }
    if (parsed->exponent < POWER_LEAST || parsed->exponent > POWER_MOST)
        return __binary_exact(parsed, format);
    power = __power_of_ten((int)parsed->exponent);
    product = power_multiply(significand, &power, &low);
    exponent = power.exponent - shift + 64;
    if (power.exact && !parsed->truncated) {
        product = normalize(product, &low, &exponent);
        return __binary_round(product, exponent, low != 0, parsed->negative, format);
    }
    if (parsed->truncated)
        error += (uint128_t)2 << (shift + 64);
    if (product + error < product)
        return __binary_exact(parsed, format);
    /* The product is less than the number, as the power is. So for a number that may be halfway,
     * the two ends differ. */
    least = binary_inexact(product, exponent, parsed->negative, format);
    most = binary_inexact(product + error, exponent, parsed->negative, format);
    return binary_same(&least, &most) ? least : __binary_exact(parsed, format);
}
