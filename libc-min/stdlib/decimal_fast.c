/* A few digits of a double, by one product of 64 and 128 bits. */
#include "decimal.h"
#include "digit_pairs.h"
#include <fenv.h>
#include <string.h>

/* number * 10^q rounded to the nearest integer; 0 in *value if the error leaves that open. */
static int scaled_round(const struct decimal_request *request, int q, uint64_t *value)
{
    struct power power;
    uint128_t product, half, most;
    uint64_t low, rest;
    int shift;

    if (q < POWER_LEAST || q > POWER_MOST)
        return 0;
    power = __power_of_ten(q);
    product = power_multiply(request->mantissa, &power, &low);
    shift = -(request->exponent + power.exponent + 64);
    if (shift < 66 || shift > 127)
        return 0;
    half = (uint128_t)1 << (shift - 1);
    *value = (uint64_t)(product >> shift);
    if (power.exact) {
        rest = low != 0;
        product &= (half << 1) - 1;
        *value += product > half || (product == half && (rest || (*value & 1)));
        return 1;
    }
    /* the true product is in (product, product + POWER_ERROR + 1) */
    most = product + POWER_ERROR + 1 + half;
    *value = (uint64_t)((product + half) >> shift);
    return most > product && *value == (uint64_t)(most >> shift);
}

static int digits_write(struct decimal *decimal, uint64_t value)
{
    char text[DECIMAL_FAST], *end = text + sizeof text, *next = end;

    for (; value >= 100; value /= 100)
        memcpy(next -= 2, __digit_pairs + value % 100 * 2, 2);
    if (value >= 10)
        memcpy(next -= 2, __digit_pairs + value * 2, 2);
    else if (value)
        *--next = (char)('0' + value);
    memcpy(decimal->text, next, (size_t)(end - next));
    return decimal->count = (int)(end - next);
}

int __decimal_fast(const struct decimal_request *request, struct decimal *decimal)
{
    static const uint64_t limits[18] = {1,
                                        10,
                                        100,
                                        1000,
                                        10000,
                                        100000,
                                        1000000,
                                        10000000,
                                        100000000,
                                        1000000000,
                                        10000000000,
                                        100000000000,
                                        1000000000000,
                                        10000000000000,
                                        100000000000000,
                                        1000000000000000,
                                        10000000000000000,
                                        100000000000000000};
    /* floor(log10) is `magnitude` or one more: 2^b <= number < 2^(b+1), and 1292913986 / 2^32 is
     * log10(2), rounded down */
    int b = request->exponent + 63, q = request->count;
    int magnitude = (int)(((int64_t)b * 1292913986) >> 32);
    uint64_t value;

    if (fegetround() != FE_TONEAREST)
        return 0;
    if (request->significant) {
        if (request->count > 17)
            return 0;
        q = request->count - 1 - magnitude;
        if (!scaled_round(request, q, &value))
            return 0;
        if (value >= limits[request->count] && !scaled_round(request, --q, &value))
            return 0;
    } else if (q > 17 || magnitude + q > 16 || !scaled_round(request, q, &value)) {
        return 0;
    }
    decimal->exponent = digits_write(decimal, value) - 1 - q;
    return 1;
}
