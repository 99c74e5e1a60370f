/* printf's conversions of floating numbers: stdlib/decimal.h finds the digits, this file lays them
 * out. C17 7.21.6.1p8. */
#include "format.h"
#include "libc-min/stdlib/decimal.h"
#include <errno.h>
#include <fenv.h>
#include <limits.h>
#include <string.h>

/* x87 extended (psABI 3.1.2): 64 bits of significand, none hidden; bias 16383. */
union extended {
    long double value;
    struct {
        uint64_t mantissa;
        uint16_t sign_exponent;
    } bits;
};

/* The parts around the digits. */
struct number {
    const struct conversion *conversion;
    char prefix[4]; /* sign, 0x */
    int prefix_size;
    char suffix[8]; /* e+00, p+0 */
    int suffix_size;
};

/* The parts between prefix and suffix: `point` digits of the text, then (if places or #) the point,
 * `zeros` zeros, the rest of the text, and zeros up to `places`. */
struct layout {
    const char *text;
    int count;  /* characters of text */
    int point;  /* digits before the point; where the text is shorter, zeros follow it */
    int zeros;  /* after the point, before the rest of the text */
    int places; /* digits after the point */
};

static void sign_set(struct number *number, int negative)
{
    unsigned flags = number->conversion->flags;

    if (negative || (flags & (FORMAT_PLUS | FORMAT_SPACE)))
        number->prefix[number->prefix_size++] = negative ? '-' : flags & FORMAT_PLUS ? '+' : ' ';
}

static int number_put(struct sink *sink, const struct number *number, const struct layout *layout)
{
    const struct conversion *conversion = number->conversion;
    int has_point = layout->places || (conversion->flags & FORMAT_ALTERNATE);
    size_t total = (size_t)number->prefix_size + (size_t)layout->point + (size_t)has_point +
                   (size_t)layout->places + (size_t)number->suffix_size;
    int whole = layout->count < layout->point ? layout->count : layout->point;
    int rest = layout->count - whole, padding = 0;

    if (total < (size_t)conversion->width)
        padding = conversion->width - (int)total;
    total += (size_t)padding;
    if (format_too_long(sink, total))
        return format_fail(EOVERFLOW);
    if (!(conversion->flags & (FORMAT_LEFT | FORMAT_ZERO)))
        sink_fill(sink, ' ', padding);
    sink_put_ascii(sink, number->prefix, (size_t)number->prefix_size);
    if ((conversion->flags & (FORMAT_LEFT | FORMAT_ZERO)) == FORMAT_ZERO)
        sink_fill(sink, '0', padding);
    sink_put_ascii(sink, layout->text, (size_t)whole);
    sink_fill(sink, '0', layout->point - whole);
    if (has_point)
        sink_put_ascii(sink, ".", 1);
    if (layout->places) {
        sink_fill(sink, '0', layout->zeros);
        sink_put_ascii(sink, layout->text + whole, (size_t)rest);
        sink_fill(sink, '0', layout->places - layout->zeros - rest);
    }
    sink_put_ascii(sink, number->suffix, (size_t)number->suffix_size);
    if (conversion->flags & FORMAT_LEFT)
        sink_fill(sink, ' ', padding);
    return 0;
}

/* e+05, p-1074: at least `least` digits. */
static void suffix_set(struct number *number, char letter, int exponent, int least)
{
    char digits[8], *end = digits + sizeof digits, *next = end;
    unsigned magnitude = exponent < 0 ? 0u - (unsigned)exponent : (unsigned)exponent;

    for (; magnitude || end - next < least; magnitude /= 10)
        *--next = (char)('0' + magnitude % 10);
    number->suffix[0] = letter;
    number->suffix[1] = exponent < 0 ? '-' : '+';
    memcpy(number->suffix + 2, next, (size_t)(end - next));
    number->suffix_size = (int)(end - next) + 2;
}

/* -------------------------------------------------------------------------------------------- */
/* a: the digits are exact */

static int hexadecimal_rounds_up(uint64_t cut, uint64_t half, int odd, int negative)
{
    switch (fegetround()) {
    case FE_UPWARD:
        return cut && !negative;
    case FE_DOWNWARD:
        return cut && negative;
    case FE_TOWARDZERO:
        return 0;
    }
    return cut > half || (cut == half && odd);
}

/* musl's form: 1 before the point for every number but zero. */
static int format_hexadecimal(struct sink *sink, struct number *number, uint64_t mantissa,
                              int exponent, int negative)
{
    const struct conversion *conversion = number->conversion;
    const char *alphabet = conversion->letter == 'a' ? "0123456789abcdef" : "0123456789ABCDEF";
    uint64_t fraction = mantissa << 1, cut;
    int lead = mantissa != 0, places = conversion->precision, bits;
    char text[17];

    if (places >= 0 && places < 16) {
        bits = 64 - 4 * places;
        cut = places ? fraction & (((uint64_t)1 << bits) - 1) : fraction;
        fraction -= cut;
        if (hexadecimal_rounds_up(cut, (uint64_t)1 << (bits - 1),
                                  places ? (int)(fraction >> bits & 1) : lead, negative)) {
            if (!places)
                lead++;
            else if (__builtin_add_overflow(fraction, (uint64_t)1 << bits, &fraction))
                lead++;
        }
    }
    text[0] = (char)('0' + lead);
    int count = 1;
    for (; fraction; fraction <<= 4)
        text[count++] = alphabet[fraction >> 60];
    number->prefix[number->prefix_size++] = '0';
    number->prefix[number->prefix_size++] = conversion->letter == 'a' ? 'x' : 'X';
    suffix_set(number, conversion->letter == 'a' ? 'p' : 'P', mantissa ? exponent + 63 : 0, 1);
    return number_put(sink, number,
                      &(struct layout){text, count, 1, 0, places < 0 ? count - 1 : places});
}

/* -------------------------------------------------------------------------------------------- */
/* e, f, g */

static void trailing_zeros_drop(struct decimal *decimal)
{
    while (decimal->count && decimal->text[decimal->count - 1] == '0')
        decimal->count--;
}

static int put_fixed(struct sink *sink, struct number *number, struct decimal *decimal, int places)
{
    struct layout layout = {decimal->text, decimal->count, decimal->exponent + 1, 0, places};

    if (!decimal->count || decimal->exponent < 0) {
        layout.point = 0;
        layout.zeros = decimal->count ? -1 - decimal->exponent : 0;
        number->prefix[number->prefix_size++] = '0'; /* its place among zeros does not matter */
    }
    return number_put(sink, number, &layout);
}

static int put_scientific(struct sink *sink, struct number *number, struct decimal *decimal,
                          int places)
{
    if (!decimal->count) {
        decimal->text[0] = '0';
        decimal->count = 1;
        decimal->exponent = 0;
    }
    suffix_set(number, number->conversion->letter & 0x20 ? 'e' : 'E', decimal->exponent, 2);
    return number_put(sink, number, &(struct layout){decimal->text, decimal->count, 1, 0, places});
}

static int put_digits(struct sink *sink, struct number *number, struct decimal *decimal)
{
    const struct conversion *conversion = number->conversion;
    int precision = conversion->precision < 0 ? 6 : conversion->precision;

    switch (conversion->letter | 0x20) {
    case 'f':
        return put_fixed(sink, number, decimal, precision);
    case 'e':
        return put_scientific(sink, number, decimal, precision);
    }
    if (!precision)
        precision = 1;
    if (!decimal->count)
        decimal->exponent = 0;
    if (!(conversion->flags & FORMAT_ALTERNATE))
        trailing_zeros_drop(decimal);
    if (decimal->exponent < -4 || decimal->exponent >= precision) {
        if (!(conversion->flags & FORMAT_ALTERNATE))
            precision = decimal->count;
        return put_scientific(sink, number, decimal, precision - 1);
    }
    precision -= decimal->exponent + 1;
    if (!(conversion->flags & FORMAT_ALTERNATE)) {
        precision = decimal->count - decimal->exponent - 1;
        if (precision < 0 || !decimal->count)
            precision = 0;
    }
    return put_fixed(sink, number, decimal, precision);
}

static __attribute__((noinline)) int format_exact(struct sink *sink, struct number *number,
                                                  const struct decimal_request *request)
{
    char text[DECIMAL_EXACT];
    struct decimal decimal = {.text = text};

    __decimal_exact(request, &decimal);
    return put_digits(sink, number, &decimal);
}

static int format_decimal(struct sink *sink, struct number *number, struct decimal_request *request)
{
    const struct conversion *conversion = number->conversion;
    char text[DECIMAL_FAST];
    struct decimal decimal = {.text = text};

    request->count = conversion->precision < 0 ? 6 : conversion->precision;
    request->significant = (conversion->letter | 0x20) != 'f';
    /* a greater precision adds only zeros; the limit keeps the sums from overflow */
    if (request->count > 2 * DECIMAL_EXACT)
        request->count = 2 * DECIMAL_EXACT;
    if ((conversion->letter | 0x20) == 'e')
        request->count++;
    else if (request->significant && !request->count)
        request->count = 1;
    if (!request->mantissa || __decimal_fast(request, &decimal))
        return put_digits(sink, number, &decimal);
    return format_exact(sink, number, request);
}

static int format_special(struct sink *sink, struct number *number, int nan)
{
    struct conversion plain = *number->conversion;
    int upper = !(plain.letter & 0x20);

    plain.flags &= ~(unsigned)(FORMAT_ZERO | FORMAT_ALTERNATE);
    number->conversion = &plain;
    return number_put(sink, number,
                      &(struct layout){nan     ? upper ? "NAN" : "nan"
                                       : upper ? "INF"
                                               : "inf",
                                       3, 3, 0, 0});
}

int __format_float(struct sink *sink, const struct conversion *conversion, long double value)
{
    union extended extended = {value};
    struct number number = {.conversion = conversion};
    uint64_t mantissa = extended.bits.mantissa;
    int negative = extended.bits.sign_exponent >> 15;
    int exponent = extended.bits.sign_exponent & 0x7FFF, shift;

    sign_set(&number, negative);
    /* Without the top bit, a number whose exponent is not 0 is invalid since the 387: unnormal
     * numbers, pseudo-infinities and pseudo-NaNs (Intel SDM volume 1, 8.2.2). A pseudo-denormal,
     * exponent 0 with the top bit, is a number. */
    if (exponent == 0x7FFF || (exponent && !(mantissa >> 63)))
        return format_special(sink, &number, exponent != 0x7FFF || mantissa != (uint64_t)1 << 63);
    if (!exponent)
        exponent = 1; /* subnormal */
    exponent -= 16383 + 63;
    if (mantissa) {
        shift = __builtin_clzll(mantissa);
        mantissa <<= shift;
        exponent -= shift;
    }
    if ((conversion->letter | 0x20) == 'a')
        return format_hexadecimal(sink, &number, mantissa, exponent, negative);
    return format_decimal(sink, &number,
                          &(struct decimal_request){mantissa, exponent, negative, 0, 0});
}
