/* All digits of a number, by multiplication: the integer part in groups of nine decimal digits by
 * powers of two, the fraction in 32-bit limbs by 10^9. */
#include "decimal.h"
#include "digit_pairs.h"
#include <fenv.h>
#include <string.h>

#define GROUP 1000000000u /* nine digits */
#define SHIFT 29          /* bits at a time: a group times 2^SHIFT, plus a carry, fits in 64 bits */

/* 2^16384 has 4933 digits. A fraction has at most 16445 bits, and 3 more limbs hold the start. */
#define INTEGER_GROUPS 552
#define FRACTION_LIMBS 520

struct writer {
    const struct decimal_request *request;
    struct decimal *decimal;
    int more; /* something that is not zero follows the digits written */
};

static void group_write(char *text, uint32_t group)
{
    for (int i = 7; i > 0; i -= 2, group /= 100)
        memcpy(text + i, __digit_pairs + group % 100 * 2, 2);
    *text = (char)('0' + group);
}

/* Appends nine digits, the first a multiple of 10^exponent; leading zeros of the number are not
 * stored. */
static void group_append(struct decimal *decimal, uint32_t group, int exponent)
{
    char text[9];
    int zeros = 0;

    group_write(text, group);
    if (!decimal->count) {
        while (zeros < 9 && text[zeros] == '0')
            zeros++;
        decimal->exponent = exponent - zeros;
    }
    memcpy(decimal->text + decimal->count, text + zeros, (size_t)(9 - zeros));
    decimal->count += 9 - zeros;
}

/* How many digits are requested, from the first stored one on; may be negative. */
static int digits_wanted(const struct decimal_request *request, const struct decimal *decimal)
{
    return request->significant ? request->count : decimal->exponent + 1 + request->count;
}

/* Stores the groups, the least significant first; returns their number. */
static int integer_groups(uint32_t *groups, uint64_t mantissa, int exponent)
{
    int count = 0, bits;
    uint64_t carry;

    for (; mantissa; mantissa /= GROUP)
        groups[count++] = (uint32_t)(mantissa % GROUP);
    for (; exponent > 0; exponent -= bits) {
        bits = exponent < SHIFT ? exponent : SHIFT;
        carry = 0;
        for (int i = 0; i < count; i++) {
            carry += (uint64_t)groups[i] << bits;
            groups[i] = (uint32_t)(carry % GROUP);
            carry /= GROUP;
        }
        if (carry)
            groups[count++] = (uint32_t)carry;
    }
    return count;
}

static void integer_append(struct decimal *decimal, uint64_t mantissa, int exponent)
{
    uint32_t groups[INTEGER_GROUPS];

    for (int i = integer_groups(groups, mantissa, exponent) - 1; i >= 0; i--)
        group_append(decimal, groups[i], i * 9 + 8);
}

/* Appends the digits of a fraction, mantissa * 2^-bits, less than 1. Nonzero if something is left
 * after the last group that is needed. */
static int fraction_append(const struct decimal_request *request, struct decimal *decimal,
                           uint64_t mantissa, int bits)
{
    uint32_t limbs[FRACTION_LIMBS];
    int point = (bits + 31) / 32; /* index of the limb for 2^0 */
    int low = 0, high = 3, exponent = -1;
    uint128_t start = (uint128_t)mantissa << (point * 32 - bits);
    uint64_t carry;

    memset(limbs, 0, (size_t)(point > 3 ? point : 3) * sizeof *limbs);
    for (int i = 0; i < 3; i++)
        limbs[i] = (uint32_t)(start >> i * 32);
    for (;; exponent -= 9) {
        while (high > low && !limbs[high - 1])
            high--;
        while (low < high && !limbs[low])
            low++;
        if (low == high)
            return 0;
        if (decimal->count ? decimal->count > digits_wanted(request, decimal)
                           : !request->significant && -exponent > request->count + 1)
            return 1;
        carry = 0;
        for (int i = low; i < high; i++) {
            carry += (uint64_t)limbs[i] * GROUP;
            limbs[i] = (uint32_t)carry;
            carry >>= 32;
        }
        if (high < point)
            limbs[high++] = (uint32_t)carry, carry = 0;
        if (carry || decimal->count)
            group_append(decimal, (uint32_t)carry, exponent);
    }
}

/* Nonzero if the digits cut off round the last digit up; `cut` digits remain. If `cut` is below 0,
 * the first digit cut off is a zero in front of those stored. */
static int rounds_up(const struct writer *writer, int cut)
{
    const struct decimal *decimal = writer->decimal;
    int first = cut < 0 ? '0' : decimal->text[cut], rest = writer->more || cut < 0;

    for (int i = cut + 1; !rest && i < decimal->count; i++)
        rest = decimal->text[i] != '0';
    switch (fegetround()) {
    case FE_UPWARD:
        return !writer->request->negative && (rest || first > '0');
    case FE_DOWNWARD:
        return writer->request->negative && (rest || first > '0');
    case FE_TOWARDZERO:
        return 0;
    }
    if (first != '5' || rest)
        return first >= '5';
    return cut > 0 && (decimal->text[cut - 1] & 1);
}

static void digits_round(struct writer *writer)
{
    struct decimal *decimal = writer->decimal;
    int cut = digits_wanted(writer->request, decimal), up;

    if (decimal->count <= cut)
        return; /* only zeros follow: the caller made more than enough digits */
    up = rounds_up(writer, cut);
    if (cut < 0) {
        decimal->exponent += -cut; /* to the last place that is requested */
        cut = 0;
    }
    decimal->count = cut;
    if (!up)
        return;
    while (cut && decimal->text[cut - 1] == '9')
        cut--;
    if (cut) {
        decimal->text[cut - 1]++;
        decimal->count = cut;
    } else {
        decimal->text[0] = '1';
        decimal->count = 1;
        decimal->exponent++;
    }
}

void __decimal_exact(const struct decimal_request *request, struct decimal *decimal)
{
    struct writer writer = {request, decimal, 0};
    uint64_t mantissa = request->mantissa;
    int zeros = __builtin_ctzll(mantissa), exponent = request->exponent + zeros;

    mantissa >>= zeros; /* odd: the fraction wastes no limb */
    decimal->count = 0;
    decimal->exponent = 0;
    if (exponent >= 0) {
        integer_append(decimal, mantissa, exponent);
    } else {
        int bits = -exponent;

        if (bits < 64 && mantissa >> bits) {
            integer_append(decimal, mantissa >> bits, 0);
            mantissa &= ((uint64_t)1 << bits) - 1;
        }
        writer.more = fraction_append(request, decimal, mantissa, bits);
        if (!decimal->count) { /* too small for a digit: as 0 with something after it */
            decimal->exponent = -request->count - 2;
            decimal->text[0] = '0';
            decimal->count = 1;
        }
    }
    digits_round(&writer);
}
