#include "integer_parse.h"
#include <errno.h>
#include <stddef.h>

int __integer_parse(const char *text, char **end, int base, uint64_t *magnitude, int *negative)
{
    const char *next = text, *digits;
    uint64_t value = 0;
    unsigned digit;
    int overflow = 0;

    *negative = 0;
    *magnitude = 0;
    if (end)
        *end = (char *)text;
    if (base < 0 || base == 1 || base > 36) {
        errno = EINVAL;
        return 0;
    }
    while (is_space((unsigned char)*next))
        next++;
    if (*next == '-' || *next == '+')
        *negative = *next++ == '-';
    if ((base == 0 || base == 16) && next[0] == '0' && (next[1] | 0x20) == 'x' &&
        digit_value((unsigned char)next[2]) < 16) {
        base = 16;
        next += 2;
    }
    if (base == 0)
        base = *next == '0' ? 8 : 10;
    digits = next;
    while ((digit = digit_value((unsigned char)*next)) < (unsigned)base) {
        if (LIKELY(value < UINT64_MAX / 64))
            value = value * (unsigned)base + digit;
        else
            overflow |= __builtin_mul_overflow(value, (unsigned)base, &value) ||
                        __builtin_add_overflow(value, digit, &value);
        next++;
    }
    if (end && next != digits)
        *end = (char *)next;
    *magnitude = overflow ? UINT64_MAX : value;
    return overflow;
}

int64_t __integer_signed(const char *text, char **end, int base, int64_t least, int64_t most)
{
    uint64_t magnitude;
    int negative, overflow = __integer_parse(text, end, base, &magnitude, &negative);

    if (overflow || magnitude > (negative ? 0 - (uint64_t)least : (uint64_t)most)) {
        errno = ERANGE;
        return negative ? least : most;
    }
    return (int64_t)(negative ? 0 - magnitude : magnitude);
}
