/* strftime(3): the conversions of ISO C and POSIX, with POSIX.1-2024's `0`, `+` and width for years
 * and centuries. What POSIX leaves open is as in glibc: flags and width apply to all conversions; a
 * width below the usual one has no effect; `-` (no padding), `_` (spaces), `^` (capitals), `#`
 * (capitals, and for %p and %Z small letters); %k %l %P. The names are those of the C locale. */
#include "calendar.h"
#include <limits.h>
#include <string.h>

/* The output; `left` includes the closing null character. */
struct output {
    char *at;
    size_t left;
    int full;
};

struct flags {
    char pad;            /* one of 0 _ - +; 0: the conversion's own */
    char letters;        /* one of ^ #; 0: as they are */
    unsigned long width; /* 0: none */
};

/* The result of a conversion: a text, or a number with at least `digits` digits. */
struct field {
    const char *text;
    int64_t number;
    int digits;
    char pad;
    int year;     /* of a year: digits without a sign, 4, or 2 for %C; 0: no year */
    int negative; /* the year is negative, even if the number is century 0 */
    int always;   /* musl's quirk for %Y: years past 9999 have a sign even without `+` */
};

static void put(struct output *to, char c)
{
    if (to->left <= 1) {
        to->full = 1;
        return;
    }
    *to->at++ = c;
    to->left--;
}

static void pad(struct output *to, char c, unsigned long from, unsigned long width)
{
    for (; from < width && !to->full; from++)
        put(to, c);
}

static char letter(char c, char letters, char conversion)
{
    if (letters == '#' && (conversion == 'p' || conversion == 'Z'))
        return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    if (letters && c >= 'a' && c <= 'z')
        return (char)(c - 'a' + 'A');
    return c;
}

static void put_text(struct output *to, const char *text, const struct flags *flags,
                     char conversion)
{
    if (flags->pad != '-')
        pad(to, flags->pad == '0' || flags->pad == '+' ? '0' : ' ', strlen(text), flags->width);
    for (; *text && !to->full; text++)
        put(to, letter(*text, flags->letters, conversion));
}

/* With `+`, a sign stands before a year with more digits than usual, or with more room. A year
 * accepts any width, even one below the usual. */
static void put_number(struct output *to, const struct field *field, const struct flags *flags)
{
    char digits[24], fill = flags->pad ? flags->pad : field->pad, sign = 0;
    unsigned long count = 0, width = flags->width, usual = (unsigned long)field->year;
    uint64_t value = (uint64_t)field->number;

    if (field->number < 0) {
        sign = '-';
        value = -value;
    }
    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    if (usual && !sign &&
        ((fill == '+' && (count > usual || width > usual)) ||
         (field->always && fill == '0' && !width && count > usual)))
        sign = field->negative ? '-' : '+';
    if (!width || (!usual && width < (unsigned long)field->digits))
        width = (unsigned long)field->digits;
    if (fill == '-')
        width = 0;
    if (fill == '_')
        pad(to, ' ', count + (sign != 0), width);
    if (sign)
        put(to, sign);
    if (fill != '_')
        pad(to, '0', count + (sign != 0), width);
    while (count)
        put(to, digits[--count]);
}

static int floor_modulo(int64_t value, int by)
{
    return (int)((value % by + by) % by);
}

/* ISO 8601's week, which belongs to the year of its Thursday, and that year. */
static int iso_week(const struct tm *fields, int64_t *year)
{
    int monday_based = floor_modulo((int64_t)fields->tm_wday + 6, 7);
    int64_t thursday = (int64_t)fields->tm_yday - monday_based + 3; /* day of the year */

    *year = 1900 + (int64_t)fields->tm_year;
    if (thursday < 0)
        thursday += 365 + calendar_leap(--*year);
    else if (thursday >= 365 + calendar_leap(*year))
        thursday -= 365 + calendar_leap((*year)++);
    return (int)(thursday / 7) + 1;
}

static const char *name(const char *const *names, int count, int which)
{
    return which >= 0 && which < count ? names[which] : "?";
}

/* The format of a conversion that consists of other conversions; NULL for others. */
static const char *composite(char conversion)
{
    static const char table[][24] = {"c%a %b %e %H:%M:%S %Y", "D%m/%d/%y", "R%H:%M",   "T%H:%M:%S",
                                     "r%I:%M:%S %p",          "x%m/%d/%y", "X%H:%M:%S"};

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i][0] == conversion)
            return table[i] + 1;
    return NULL;
}

/* The century is truncated towards 0, so that century and last digits make up a year before 0, too.
 */
static int last_digits(int64_t year)
{
    return (int)(year % 100 < 0 ? -(year % 100) : year % 100);
}

static void field_of_year(struct field *to, int64_t year)
{
    *to = (struct field){.number = year, .digits = 4, .pad = '0', .year = 4, .always = 1};
}

/* Fills `to`; a text is made in `room` (4 bytes). 0 if the conversion does not exist. */
static int convert(char conversion, const struct tm *fields, struct field *to, char *room)
{
    int64_t year = 1900 + (int64_t)fields->tm_year;
    struct tm copy;

    *to = (struct field){.digits = 2, .pad = '0'};
    switch (conversion) {
    case 'a':
    case 'A':
        to->text = name(__calendar_weekdays, 7, fields->tm_wday);
        break;
    case 'b':
    case 'B':
    case 'h':
        to->text = name(__calendar_months, 12, fields->tm_mon);
        break;
    case 'C':
        to->number = year / 100;
        to->year = 2;
        to->negative = year < 0;
        return 1;
    case 'd':
    case 'e':
        to->number = fields->tm_mday;
        to->pad = conversion == 'e' ? '_' : '0';
        return 1;
    case 'g':
        iso_week(fields, &year);
        to->number = last_digits(year);
        return 1;
    case 'G':
        iso_week(fields, &year);
        to->number = year;
        to->digits = to->year = 4;
        return 1;
    case 'Y':
        field_of_year(to, year);
        return 1;
    case 'H':
    case 'k':
        to->number = fields->tm_hour;
        to->pad = conversion == 'k' ? '_' : '0';
        return 1;
    case 'I':
    case 'l':
        to->number = floor_modulo((int64_t)fields->tm_hour + 11, 12) + 1;
        to->pad = conversion == 'l' ? '_' : '0';
        return 1;
    case 'j':
        to->number = (int64_t)fields->tm_yday + 1;
        to->digits = 3;
        return 1;
    case 'm':
        to->number = (int64_t)fields->tm_mon + 1;
        return 1;
    case 'M':
        to->number = fields->tm_min;
        return 1;
    case 'n':
        to->text = "\n";
        return 1;
    case 'p':
        to->text = fields->tm_hour >= 12 ? "PM" : "AM";
        return 1;
    case 'P':
        to->text = fields->tm_hour >= 12 ? "pm" : "am";
        return 1;
    case 's': /* POSIX.1-2024: as mktime() */
        copy = *fields;
        to->number = mktime(&copy);
        to->digits = 1;
        return 1;
    case 'S':
        to->number = fields->tm_sec;
        return 1;
    case 't':
        to->text = "\t";
        return 1;
    case 'u':
        to->number = floor_modulo((int64_t)fields->tm_wday + 6, 7) + 1;
        to->digits = 1;
        return 1;
    case 'U':
        to->number = ((int64_t)fields->tm_yday + 7 - fields->tm_wday) / 7;
        return 1;
    case 'V':
        to->number = iso_week(fields, &year);
        return 1;
    case 'w':
        to->number = fields->tm_wday;
        to->digits = 1;
        return 1;
    case 'W':
        to->number =
            ((int64_t)fields->tm_yday + 7 - floor_modulo((int64_t)fields->tm_wday + 6, 7)) / 7;
        return 1;
    case 'y':
        to->number = last_digits(year);
        return 1;
    case 'Z':
        /* tm_zone may point to any text; in a struct from calloc() it is NULL: no text */
        to->text = fields->tm_isdst < 0 || !fields->tm_zone ? "" : fields->tm_zone;
        return 1;
    case '%':
        to->text = "%";
        return 1;
    default:
        return 0;
    }
    /* the short names are the first three letters of the long ones */
    if (conversion != 'A' && conversion != 'B') {
        strncpy(room, to->text, 3);
        room[3] = 0;
        to->text = room;
    }
    return 1;
}

/* +hhmm; the sign of an offset below a minute is +, because ISO 8601 has no -0000. */
static void put_zone(struct output *to, const struct tm *fields, const struct flags *flags)
{
    long minutes = fields->tm_gmtoff / 60;
    struct field field = {.number = minutes / 60 * 100 + minutes % 60, .digits = 4, .pad = '0'};
    struct flags unsigned_flags = {.pad = flags->pad == '+' ? '0' : flags->pad,
                                   .width = flags->width ? flags->width - 1 : 0};

    if (fields->tm_isdst < 0)
        return;
    put(to, minutes < 0 ? '-' : '+');
    if (field.number < 0)
        field.number = -field.number;
    put_number(to, &field, &unsigned_flags);
}

static void put_format(struct output *to, const char *format, const struct tm *fields);

/* %F is %+4Y-%m-%d (POSIX.1-2024). The width covers the year and 6 more characters; with a smaller
 * width, the year has only its digits. */
static void put_date(struct output *to, const struct tm *fields, const struct flags *flags)
{
    struct flags of_year = {.pad = flags->pad, .width = flags->width};
    struct field year;

    if (flags->width)
        of_year.width = flags->width > 7 ? flags->width - 6 : 1;
    field_of_year(&year, 1900 + (int64_t)fields->tm_year);
    put_number(to, &year, &of_year);
    put_format(to, "-%m-%d", fields);
}

/* Writes one conversion; `format` is after the `%`. Returns the rest of the format, or NULL if the
 * conversion does not exist. */
static const char *put_conversion(struct output *to, const char *format, const struct tm *fields)
{
    struct flags flags = {0};
    struct field field;
    char room[96], conversion;

    for (; *format && strchr("0_-+^#", *format); format++)
        *(*format == '^' || *format == '#' ? &flags.letters : &flags.pad) = *format;
    for (; *format >= '0' && *format <= '9'; format++)
        flags.width = flags.width > INT_MAX / 10
                          ? INT_MAX
                          : flags.width * 10 + (unsigned long)(*format - '0');
    if ((*format == 'E' || *format == 'O') && format[1])
        format++; /* ISO C 7.27.3.5: no effect in the C locale */
    conversion = *format;
    if (conversion == 'z') {
        put_zone(to, fields, &flags);
    } else if (conversion == 'F') {
        put_date(to, fields, &flags);
    } else if (composite(conversion)) {
        struct output whole = {room, sizeof room, 0};
        put_format(&whole, composite(conversion), fields);
        *whole.at = 0;
        put_text(to, room, &flags, conversion);
    } else if (!convert(conversion, fields, &field, room)) {
        return NULL;
    } else if (field.text) {
        put_text(to, field.text, &flags, conversion);
    } else {
        put_number(to, &field, &flags);
    }
    return format + 1;
}

/* ISO C leaves unknown conversions open: they are copied. */
static void put_format(struct output *to, const char *format, const struct tm *fields)
{
    while (*format && !to->full) {
        const char *next = *format == '%' ? put_conversion(to, format + 1, fields) : NULL;
        if (!next)
            put(to, *format);
        format = next ? next : format + 1;
    }
}

size_t strftime(char *restrict to, size_t size, const char *restrict format,
                const struct tm *restrict fields)
{
    struct output output = {to, size, 0};

    if (!size)
        return 0;
    put_format(&output, format, fields);
    if (output.full)
        return 0;
    *output.at = 0;
    return (size_t)(output.at - to);
}

size_t strftime_l(char *restrict to, size_t size, const char *restrict format,
                  const struct tm *restrict fields, locale_t locale)
{
    (void)locale;
    return strftime(to, size, format, fields);
}
