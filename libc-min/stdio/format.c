/* printf's format language: C17 7.21.6.1, and POSIX's positions (%n$). */
#include "format.h"
#include "libc-min/stdlib/digit_pairs.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define POSITIONS 64 /* POSIX wants NL_ARGMAX: 9 */

union argument {
    uintmax_t integer;
    long double real;
    void *pointer;
};

_Static_assert(sizeof(long) == sizeof(intmax_t) && sizeof(size_t) == sizeof(long), "LP64");

/* The type in which an argument is passed. */
enum kind { KIND_NONE, KIND_INT, KIND_LONG, KIND_DOUBLE, KIND_LONG_DOUBLE, KIND_POINTER };

/* Source of the arguments: one after another, or a table made in a first pass. */
struct source {
    va_list list;
    union argument *table;      /* NULL: in order */
    enum kind kinds[POSITIONS]; /* the first pass collects them */
    int collecting;
};

/* -------------------------------------------------------------------------------------------- */
/* Arguments */

static void argument_read(struct source *source, enum kind kind, union argument *argument)
{
    switch (kind) {
    case KIND_NONE:
    case KIND_INT:
        argument->integer = (uintmax_t)(intmax_t)va_arg(source->list, int);
        break;
    case KIND_LONG: /* long, long long, intmax_t, size_t, ptrdiff_t */
        argument->integer = va_arg(source->list, uintmax_t);
        break;
    case KIND_DOUBLE:
        argument->real = va_arg(source->list, double);
        break;
    case KIND_LONG_DOUBLE:
        argument->real = va_arg(source->list, long double);
        break;
    case KIND_POINTER:
        argument->pointer = va_arg(source->list, void *);
        break;
    }
}

/* The argument at a position (from 1); in the first pass, records its kind. */
static __attribute__((noinline)) int argument_at(struct source *source, int position,
                                                 enum kind kind, union argument *argument)
{
    if (!position || (!source->collecting && !source->table))
        return format_fail(EINVAL); /* either all arguments have positions, or none has */
    if (source->collecting) {
        source->kinds[position - 1] = kind;
        argument->integer = 0;
    } else {
        *argument = source->table[position - 1];
    }
    return 0;
}

/* The next argument, or the one at a position. */
static int argument_take(struct source *source, int position, enum kind kind,
                         union argument *argument)
{
    if (UNLIKELY(source->collecting || position))
        return argument_at(source, position, kind, argument);
    argument_read(source, kind, argument);
    return 0;
}

static enum kind conversion_kind(const struct conversion *conversion)
{
    switch (conversion->letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        return conversion->length && conversion->length != 'h' && conversion->length != 'H'
                   ? KIND_LONG
                   : KIND_INT;
    case 'c':
    case 'C':
        return KIND_INT;
    case 's':
    case 'S':
    case 'p':
    case 'n':
        return KIND_POINTER;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return conversion->length == 'L' ? KIND_LONG_DOUBLE : KIND_DOUBLE;
    }
    return KIND_NONE;
}

/* -------------------------------------------------------------------------------------------- */
/* The language */

/* Decimal digits; -1 if the number is more than INT_MAX. */
static int number_parse(const character **text)
{
    int number = 0;

    for (; (unsigned)**text - '0' < 10; (*text)++)
        if (number >= 0 && (__builtin_mul_overflow(number, 10, &number) ||
                            __builtin_add_overflow(number, **text - '0', &number)))
            number = -1;
    return number;
}

/* `digits$`: the position, and moves the text past it; 0 if there is none. */
static int position_parse(const character **text)
{
    const character *end = *text;
    int position = number_parse(&end);

    if (position <= 0 || *end != '$')
        return 0;
    *text = end + 1;
    return position > POSITIONS ? -1 : position;
}

static unsigned flag_of(character sign)
{
    switch (sign) {
    case '-':
        return FORMAT_LEFT;
    case '+':
        return FORMAT_PLUS;
    case ' ':
        return FORMAT_SPACE;
    case '#':
        return FORMAT_ALTERNATE;
    case '0':
        return FORMAT_ZERO;
    }
    return 0;
}

/* A number, `*` or `*n$`. */
static int star_parse(const character **text, struct source *source, int *value)
{
    union argument argument;
    int position;

    if (**text != '*') {
        *value = number_parse(text);
        return *value < 0 ? format_fail(EOVERFLOW) : 0;
    }
    (*text)++;
    position = position_parse(text);
    if (position < 0)
        return format_fail(EINVAL);
    if (argument_take(source, position, KIND_INT, &argument))
        return -1;
    *value = (int)argument.integer;
    return 0;
}

/* Nonzero if the length is defined for the letter: C17 7.21.6.1p7. Others are refused, as in musl.
 */
static __attribute__((noinline)) int length_fits(const struct conversion *conversion)
{
    switch (conversion->letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        return conversion->length != 'L';
    case 'n':
        return 1;
    case 'c':
    case 's':
        return conversion->length == 'l';
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return conversion->length == 'l' || conversion->length == 'L';
    }
    return 0;
}

/* Parses a conversion after its `%`, including the letter. */
static int conversion_parse(const character **format, struct source *source,
                            struct conversion *conversion, int *position)
{
    const character *text = *format;
    unsigned flag;

    *conversion = (struct conversion){.precision = -1};
    *position = position_parse(&text);
    if (*position < 0)
        return format_fail(EINVAL);
    for (; (flag = flag_of(*text)) || *text == '\''; text++)
        conversion->flags |= flag; /* the C locale groups no thousands */
    if (star_parse(&text, source, &conversion->width))
        return -1;
    if (conversion->width < 0) {
        if (conversion->width == INT_MIN)
            return format_fail(EOVERFLOW);
        conversion->flags |= FORMAT_LEFT;
        conversion->width = -conversion->width;
    }
    if (*text == '.') {
        text++;
        if (star_parse(&text, source, &conversion->precision))
            return -1;
        if (conversion->precision < 0)
            conversion->precision = -1;
    }
    if (*text == 'h' || *text == 'l' || *text == 'j' || *text == 'z' || *text == 't' ||
        *text == 'L') {
        conversion->length = (char)*text++;
        if (conversion->length == *text && (*text == 'h' || *text == 'l'))
            conversion->length = *text++ == 'h' ? 'H' : 'q';
    }
    conversion->letter = character_letter(*text++);
    *format = text;
    return UNLIKELY(conversion->length) && !length_fits(conversion) ? format_fail(EINVAL) : 0;
}

/* -------------------------------------------------------------------------------------------- */
/* Integers */

/* Writes the digits before `end`; returns the first. */
static char *digits_decimal(char *end, uintmax_t value)
{
    while (value >= 100) {
        end -= 2;
        memcpy(end, __digit_pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10)
        *--end = __digit_pairs[value * 2 + 1], *--end = __digit_pairs[value * 2];
    else if (value)
        *--end = (char)('0' + value);
    return end;
}

static char *digits_binary(char *end, uintmax_t value, int bits, const char *alphabet)
{
    for (; value; value >>= bits)
        *--end = alphabet[value & ((1u << bits) - 1)];
    return end;
}

/* Prefix (sign or 0x), zeros to the precision or the width, digits. */
static int integer_put(struct sink *sink, const struct conversion *conversion, const char *prefix,
                       int prefix_size, const char *digits, int count)
{
    int zeros = 0, padding = 0;
    size_t total;

    if (conversion->precision > count)
        zeros = conversion->precision - count;
    total = (size_t)zeros + (size_t)count + (size_t)prefix_size;
    if ((size_t)conversion->width > total) {
        padding = conversion->width - (int)total;
        if ((conversion->flags & (FORMAT_LEFT | FORMAT_ZERO)) == FORMAT_ZERO &&
            conversion->precision < 0)
            zeros += padding, padding = 0;
    }
    if (format_too_long(sink,
                        total > (size_t)conversion->width ? total : (size_t)conversion->width))
        return format_fail(EOVERFLOW);
    if (!(conversion->flags & FORMAT_LEFT))
        sink_fill(sink, ' ', padding);
    sink_put_ascii(sink, prefix, (size_t)prefix_size);
    sink_fill(sink, '0', zeros);
    sink_put_ascii(sink, digits, (size_t)count);
    if (conversion->flags & FORMAT_LEFT)
        sink_fill(sink, ' ', padding);
    return 0;
}

static int format_signed(struct sink *sink, const struct conversion *conversion, intmax_t value)
{
    char text[24], *end = text + sizeof text, *digits;
    const char *sign = "";

    if (conversion->length == 'h')
        value = (short)value;
    else if (conversion->length == 'H')
        value = (signed char)value;
    digits = digits_decimal(end, value < 0 ? 0 - (uintmax_t)value : (uintmax_t)value);
    if (!value && conversion->precision) /* C17 7.21.6.1p8: no characters for zero with .0 */
        *--digits = '0';
    if (value < 0)
        sign = "-";
    else if (conversion->flags & FORMAT_PLUS)
        sign = "+";
    else if (conversion->flags & FORMAT_SPACE)
        sign = " ";
    return integer_put(sink, conversion, sign, *sign != 0, digits, (int)(end - digits));
}

static int format_unsigned(struct sink *sink, struct conversion *conversion, uintmax_t value)
{
    char text[24], *end = text + sizeof text, *digits;
    int alternate = conversion->flags & FORMAT_ALTERNATE, prefix_size = 0;

    if (conversion->length == 'h')
        value = (unsigned short)value;
    else if (conversion->length == 'H')
        value = (unsigned char)value;
    else if (!conversion->length)
        value = (unsigned)value;
    switch (conversion->letter) {
    case 'o':
        digits = digits_binary(end, value, 3, "01234567");
        break;
    case 'x':
        digits = digits_binary(end, value, 4, "0123456789abcdef");
        break;
    case 'X':
        digits = digits_binary(end, value, 4, "0123456789ABCDEF");
        break;
    default:
        digits = digits_decimal(end, value);
        break;
    }
    if (conversion->letter == 'o') {
        /* `#` raises the precision so that the first digit is 0 */
        if (alternate && conversion->precision <= end - digits && (value || !conversion->precision))
            *--digits = '0';
    } else if (conversion->letter != 'u' && alternate && value) {
        prefix_size = 2;
    }
    if (!value && conversion->precision)
        *--digits = '0';
    return integer_put(sink, conversion, conversion->letter == 'X' ? "0X" : "0x", prefix_size,
                       digits, (int)(end - digits));
}

static void count_store(const struct conversion *conversion, void *where, size_t count)
{
    switch (conversion->length) {
    case 'H':
        *(signed char *)where = (signed char)count;
        break;
    case 'h':
        *(short *)where = (short)count;
        break;
    case 0:
        *(int *)where = (int)count;
        break;
    default:
        *(intmax_t *)where = (intmax_t)count;
        break;
    }
}

/* -------------------------------------------------------------------------------------------- */
/* The whole format */

static int format_one(struct sink *sink, struct conversion *conversion,
                      const union argument *argument, int error)
{
    switch (conversion->letter) {
    case 'd':
    case 'i':
        return format_signed(sink, conversion, (intmax_t)argument->integer);
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        return format_unsigned(sink, conversion, argument->integer);
    case 'c':
    case 'C':
        return __format_character(sink, conversion, (int)argument->integer);
    case 's':
        if (conversion->length != 'l')
            return __format_string(sink, conversion, argument->pointer);
        return __format_wide(sink, conversion, argument->pointer);
    case 'S':
        return __format_wide(sink, conversion, argument->pointer);
    case 'm':
        return __format_string(sink, conversion, strerror(error));
    case 'p': /* musl's form: as %#lx; a precision gives all digits of an address */
        if (conversion->precision >= 0 && conversion->precision < 2 * (int)sizeof(void *))
            conversion->precision = 2 * sizeof(void *);
        conversion->letter = 'x';
        conversion->length = 'l';
        conversion->flags |= FORMAT_ALTERNATE;
        return format_unsigned(sink, conversion, (uintptr_t)argument->pointer);
    case 'n':
        count_store(conversion, argument->pointer, sink_count(sink));
        return 0;
    case '%':
        sink_put_ascii(sink, "%", 1);
        return 0;
    }
    return __format_float(sink, conversion, argument->real);
}

static int format_all(struct sink *sink, const character *format, struct source *source, int error)
{
    struct conversion conversion;
    union argument argument = {0};
    const character *literal, *begin;
    enum kind kind;
    int position;

    for (;;) {
        for (literal = format; *format && *format != '%'; format++)
            ;
        if (format != literal && !source->collecting) {
            if (format_too_long(sink, (size_t)(format - literal)))
                return format_fail(EOVERFLOW);
            sink_put(sink, literal, (size_t)(format - literal));
        }
        if (!*format++)
            return 0;
        begin = format;
        if (conversion_parse(&format, source, &conversion, &position))
            return -1;
        kind = conversion_kind(&conversion);
        /* %% has no flag, width or the like */
        if (UNLIKELY(kind == KIND_NONE) && (conversion.letter != 'm' || position) &&
            (conversion.letter != '%' || format != begin + 1))
            return format_fail(EINVAL);
        if (kind != KIND_NONE && argument_take(source, position, kind, &argument))
            return -1;
        if (!source->collecting && format_one(sink, &conversion, &argument, error))
            return -1;
    }
}

/* Nonzero if arguments have positions: the first conversion that takes an argument decides. */
static int format_has_positions(const character *format)
{
    while ((format = character_find(format, '%'))) {
        format++;
        if (position_parse(&format))
            return 1;
        while (*format >= ' ' && *format < '@' && *format != '%' && *format != '*')
            format++; /* flags, width and precision */
        if (*format == '*') {
            format++;
            return position_parse(&format) != 0;
        }
        if (*format != '%' && *format != 'm')
            return 0;
        format++;
    }
    return 0;
}

/* Two passes: the first finds the type of each position, the second formats. */
static __attribute__((noinline)) int format_positions(struct sink *sink, const character *format,
                                                      struct source *source, int error)
{
    union argument table[POSITIONS];
    int highest = POSITIONS;

    memset(source->kinds, 0, sizeof source->kinds);
    source->collecting = 1;
    if (format_all(sink, format, source, error))
        return -1;
    while (highest && !source->kinds[highest - 1])
        highest--;
    for (int i = 0; i < highest; i++) /* POSIX has no gaps; a gap is read as an int */
        argument_read(source, source->kinds[i], &table[i]);
    source->table = table;
    source->collecting = 0;
    return format_all(sink, format, source, error);
}

int __format(struct sink *sink, const character *format, va_list arguments)
{
    struct source source;
    int error = errno, status;

    source.table = NULL;
    source.collecting = 0;
    va_copy(source.list, arguments);
    if (UNLIKELY(format_has_positions(format)))
        status = format_positions(sink, format, &source, error);
    else
        status = format_all(sink, format, &source, error);
    va_end(source.list);
    if (status || sink->failed)
        return -1;
    return (int)sink_count(sink);
}
