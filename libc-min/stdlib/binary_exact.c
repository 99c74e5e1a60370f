/* Converts any decimal number exactly, in groups of nine digits. The integer part becomes binary by
 * Horner's rule; the fraction yields 32 bits at a time by multiplication. */
#include "float_parse.h"
#include <string.h>

#define GROUP 1000000000u

/* The least extended number is 2^-16445, and half of it has 16446 digits after the point; further
 * digits only show that the number is not exact. 10^4933 is beyond the greatest number. */
#define LEADING_MOST    4933
#define LEADING_LEAST   (-4970)
#define FRACTION_GROUPS 1840
#define INTEGER_GROUPS  550
#define INTEGER_LIMBS   520

struct digit_reader {
    const char *next;
    const char *end;
};

/* The next digit; 0 after the last. */
static uint32_t digit_read(struct digit_reader *reader)
{
    while (reader->next < reader->end) {
        char character = *reader->next++;

        if (character != '.')
            return (uint32_t)(character - '0');
    }
    return 0;
}

static uint32_t group_read(struct digit_reader *reader, int digits)
{
    uint32_t group = 0;

    while (digits-- > 0)
        group = group * 10 + digit_read(reader);
    return group;
}

static int digits_remain(struct digit_reader *reader)
{
    while (reader->next < reader->end)
        if (digit_read(reader))
            return 1;
    return 0;
}

/* The binary number: 128 bits from the first set bit on, and whether anything follows. */
struct bits {
    uint128_t top;
    int64_t exponent; /* of the lowest bit of `top` */
    int limbs;        /* in `top`, at most 4 */
    int more;
};

/* Appends one limb, a multiple of 2^exponent. */
static void bits_append(struct bits *bits, uint32_t limb, int64_t exponent)
{
    if (!bits->limbs && !limb)
        return;
    if (bits->limbs == 4) {
        bits->more |= limb != 0;
        return;
    }
    bits->top = bits->top << 32 | limb;
    bits->exponent = exponent;
    bits->limbs++;
}

static void integer_append(struct bits *bits, struct digit_reader *reader, int digits)
{
    uint32_t limbs[INTEGER_LIMBS], group;
    int count = 0, first = digits % 9 ? digits % 9 : 9;
    uint64_t carry;

    for (; digits > 0; digits -= first, first = 9) {
        group = group_read(reader, first);
        carry = group;
        for (int i = 0; i < count; i++) {
            carry += (uint64_t)limbs[i] * GROUP;
            limbs[i] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry)
            limbs[count++] = (uint32_t)carry;
    }
    while (count--)
        bits_append(bits, limbs[count], 32 * (int64_t)count);
}

/* `zeros` digits at the start of the fraction are 0 and not in the text. */
static void fraction_append(struct bits *bits, struct digit_reader *reader, int zeros)
{
    uint32_t groups[FRACTION_GROUPS];
    int count = zeros / 9, filled = count;
    uint64_t carry;

    memset(groups, 0, (size_t)count * sizeof *groups);
    zeros %= 9;
    while (reader->next < reader->end && count < FRACTION_GROUPS) {
        groups[count++] = group_read(reader, 9 - zeros);
        zeros = 0;
    }
    bits->more |= digits_remain(reader);
    for (int64_t exponent = -32; bits->limbs < 4; exponent -= 32) {
        while (count && !groups[count - 1])
            count--;
        if (!count)
            break;
        /* groups before `filled` are still zero: no carry has reached them */
        carry = 0;
        int i = count;
        while (i-- > 0 && (i >= filled || carry)) {
            carry += (uint64_t)groups[i] << 32;
            groups[i] = (uint32_t)(carry % GROUP);
            carry /= GROUP;
            if (i < filled)
                filled = i;
        }
        bits_append(bits, (uint32_t)carry, exponent);
    }
    while (count && !groups[count - 1])
        count--;
    bits->more |= count != 0;
}

struct binary __binary_exact(const struct float_text *parsed, const struct binary_format *format)
{
    struct digit_reader reader = {parsed->digits, parsed->digits_end};
    struct bits bits = {0};
    int shift;

    if (parsed->leading > LEADING_MOST)
        return __binary_round((uint128_t)1 << 127, format->greatest, 1, parsed->negative, format);
    if (parsed->leading < LEADING_LEAST)
        return __binary_round((uint128_t)1 << 127, -20000, 1, parsed->negative, format);
    if (parsed->leading >= 0)
        integer_append(&bits, &reader, (int)parsed->leading + 1);
    fraction_append(&bits, &reader, parsed->leading < 0 ? (int)-parsed->leading - 1 : 0);
    shift = leading_zeros(bits.top);
    return __binary_round(bits.top << shift, bits.exponent - shift, bits.more, parsed->negative,
                          format);
}
