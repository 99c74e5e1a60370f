#include "float_parse.h"
#include <fenv.h>

/* Nonzero if a number is rounded away from zero. `half` says what is cut off: less than half of the
 * last place (-1), half (0) or more (1). */
static int rounds_up(int half, int inexact, int odd, int negative)
{
    switch (fegetround()) {
    case FE_UPWARD:
        return inexact && !negative;
    case FE_DOWNWARD:
        return inexact && negative;
    case FE_TOWARDZERO:
        return 0;
    }
    return half > 0 || (half == 0 && odd);
}

static struct binary overflow(int negative, const struct binary_format *format)
{
    if (rounds_up(1, 1, 1, negative))
        return (struct binary){(uint64_t)1 << (format->bits - 1), format->greatest + 1, 1};
    return (struct binary){UINT64_MAX >> (64 - format->bits), format->greatest, 1};
}

struct binary __binary_round(uint128_t top, int64_t exponent, int more, int negative,
                             const struct binary_format *format)
{
    const uint128_t half = (uint128_t)1 << 127;
    struct binary result = {0};
    int64_t magnitude = exponent + 127, kept = format->bits;
    uint128_t cut;
    int compare, inexact;

    if (magnitude > format->greatest)
        return overflow(negative, format);
    if (magnitude < format->least)
        kept -= format->least - magnitude;
    if (kept < 0) /* less than half of the least number */
        kept = 0, top = 1;
    result.exponent = magnitude < format->least ? format->least : (int)magnitude;
    result.significand = kept ? (uint64_t)(top >> (128 - kept)) : 0;
    cut = top << kept; /* `kept` is 64 at most */
    inexact = cut || more;
    compare = cut > half || (cut == half && more) ? 1 : cut == half ? 0 : -1;
    if (inexact && rounds_up(compare, inexact, result.significand & 1, negative)) {
        result.significand++;
        if (!result.significand || (format->bits < 64 && result.significand >> format->bits)) {
            result.significand = (uint64_t)1 << (format->bits - 1);
            if (++result.exponent > format->greatest)
                return overflow(negative, format);
        }
    }
    result.out_of_range = inexact && !(result.significand >> (format->bits - 1));
    return result;
}
