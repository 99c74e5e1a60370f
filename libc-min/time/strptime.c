/* strptime(3): POSIX's conversions, and %F %G %g %k %l %P %s %u %V %z %Z. Fields that the format
 * does not name keep their values; %G %g %U %V %W are read and, as POSIX demands, not used. */
#include "calendar.h"
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Values that can only be combined at the end. */
struct pending {
    int century, of_century; /* %C, %y; -1: not there */
    int hour, afternoon;     /* %I, of 12; %p; -1: not there */
};

/* Reads a number of at most `digits` digits, after white space. NULL if there is none, or if it is
 * not from `least` to `most`. */
static const char *number(const char *from, int digits, int least, int most, int *to)
{
    long value = 0;
    int count = 0;

    while (isspace((unsigned char)*from))
        from++;
    for (; count < digits && isdigit((unsigned char)*from); count++) {
        value = value * 10 + (*from++ - '0');
        if (value > most)
            return NULL;
    }
    *to = (int)value;
    return count && value >= least ? from : NULL;
}

/* Reads the longest of the names with which the text begins, or its first three letters. */
static const char *name(const char *from, const char *const *names, int count, int *to)
{
    for (int i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(from, names[i], length) != 0)
            length = 3;
        if (strncasecmp(from, names[i], length) == 0) {
            *to = i;
            return from + length;
        }
    }
    return NULL;
}

/* +hh, +hhmm, +hh:mm or Z */
static const char *zone_offset(const char *from, struct tm *to)
{
    int sign, hours, minutes = 0;

    while (isspace((unsigned char)*from))
        from++;
    if (*from == 'Z') {
        to->tm_gmtoff = 0;
        return from + 1;
    }
    sign = *from == '-' ? -1 : 1;
    if (*from != '+' && *from != '-')
        return NULL;
    if (!isdigit((unsigned char)from[1]) || !isdigit((unsigned char)from[2]))
        return NULL;
    from = number(from + 1, 2, 0, 24, &hours);
    if (from &&
        (isdigit((unsigned char)*from) || (*from == ':' && isdigit((unsigned char)from[1]))))
        from = number(from + (*from == ':'), 2, 0, 59, &minutes);
    if (from)
        to->tm_gmtoff = sign * (hours * 3600L + minutes * 60);
    return from;
}

/* Reads an abbreviation: one of tzname sets tm_isdst, the letters of others are skipped. */
static const char *zone_name(const char *from, struct tm *to)
{
    tzset();
    for (int dst = 0; dst < 2; dst++) {
        size_t length = strlen(tzname[dst]);
        if (length && strncmp(from, tzname[dst], length) == 0) {
            to->tm_isdst = dst;
            return from + length;
        }
    }
    while (isalpha((unsigned char)*from))
        from++;
    return from;
}

/* Reads seconds since 1970, and stores local time. */
static const char *seconds(const char *from, struct tm *to)
{
    char *end;
    time_t value;

    value = strtol(from, &end, 10);
    return end != from && localtime_r(&value, to) ? end : NULL;
}

static const char *read_format(const char *text, const char *format, struct tm *to,
                               struct pending *pending);

static const char *year(const char *from, int width, int signs, struct tm *to)
{
    int value, sign = 1;

    while (isspace((unsigned char)*from))
        from++;
    if (*from == '+' || *from == '-') {
        sign = *from++ == '-' ? -1 : 1;
        width -= signs; /* the width includes the sign */
        if (!isdigit((unsigned char)*from))
            return NULL;
    }
    from = number(from, width, 0, INT_MAX, &value);
    if (from)
        to->tm_year = sign * value - 1900;
    return from;
}

/* A numeric conversion: its field, its bounds, and an offset. */
struct numeric {
    char conversion, digits;
    short least, most, add;
    size_t field;
};

#define FIELD(name) offsetof(struct tm, name)
#define NOWHERE     ((size_t)-1)

static const struct numeric numerics[] = {
    {'d', 2, 1, 31, 0, FIELD(tm_mday)},   {'e', 2, 1, 31, 0, FIELD(tm_mday)},
    {'H', 2, 0, 23, 0, FIELD(tm_hour)},   {'k', 2, 0, 23, 0, FIELD(tm_hour)},
    {'j', 3, 1, 366, -1, FIELD(tm_yday)}, {'m', 2, 1, 12, -1, FIELD(tm_mon)},
    {'M', 2, 0, 59, 0, FIELD(tm_min)},    {'S', 2, 0, 60, 0, FIELD(tm_sec)},
    {'w', 1, 0, 6, 0, FIELD(tm_wday)},    {'g', 2, 0, 99, 0, NOWHERE},
    {'G', 4, 0, 9999, 0, NOWHERE},        {'U', 2, 0, 53, 0, NOWHERE},
    {'V', 2, 1, 53, 0, NOWHERE},          {'W', 2, 0, 53, 0, NOWHERE},
};

static const char *read_numeric(const char *text, const struct numeric *how, int width,
                                struct tm *to)
{
    int value;

    text = number(text, width ? width : how->digits, how->least, how->most, &value);
    if (text && how->field != NOWHERE)
        *(int *)((char *)to + how->field) = value + how->add;
    return text;
}

/* The format of a conversion that consists of other conversions. */
static const char *composite(char conversion)
{
    static const char table[][24] = {
        "c%a %b %e %H:%M:%S %Y", "D%m/%d/%y", "R%H:%M", "T%H:%M:%S", "x%m/%d/%y", "X%H:%M:%S",
        "r%I:%M:%S %p",          "F%Y-%m-%d"};

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i][0] == conversion)
            return table[i] + 1;
    return NULL;
}

static const char *read_conversion(const char *text, char conversion, int width, struct tm *to,
                                   struct pending *pending)
{
    int value;

    for (size_t i = 0; i < sizeof numerics / sizeof numerics[0]; i++)
        if (numerics[i].conversion == conversion)
            return read_numeric(text, &numerics[i], width, to);
    if (composite(conversion))
        return read_format(text, composite(conversion), to, pending);
    switch (conversion) {
    case 'a':
    case 'A':
        return name(text, __calendar_weekdays, 7, &to->tm_wday);
    case 'b':
    case 'B':
    case 'h':
        return name(text, __calendar_months, 12, &to->tm_mon);
    case 'C':
        return number(text, width ? width : 2, 0, INT_MAX / 100 - 1, &pending->century);
    case 'I':
    case 'l':
        return number(text, width ? width : 2, 1, 12, &pending->hour);
    case 'n':
    case 't':
        while (isspace((unsigned char)*text))
            text++;
        return text;
    case 'p':
    case 'P':
        if (strncasecmp(text, "AM", 2) != 0 && strncasecmp(text, "PM", 2) != 0)
            return NULL;
        pending->afternoon = *text == 'p' || *text == 'P';
        return text + 2;
    case 's':
        return seconds(text, to);
    case 'u':
        text = number(text, 1, 1, 7, &value);
        if (text)
            to->tm_wday = value % 7;
        return text;
    case 'y':
        return number(text, width ? width : 2, 0, 99, &pending->of_century);
    case 'Y':
        pending->century = pending->of_century = -1;
        return year(text, width ? width : 4, width != 0, to);
    case 'z':
        return zone_offset(text, to);
    case 'Z':
        return zone_name(text, to);
    case '%':
        return *text == '%' ? text + 1 : NULL;
    default:
        return NULL;
    }
}

static const char *read_format(const char *text, const char *format, struct tm *to,
                               struct pending *pending)
{
    for (; *format && text; format++) {
        int width = 0;
        if (isspace((unsigned char)*format)) {
            while (isspace((unsigned char)*text))
                text++;
        } else if (*format != '%') {
            text = *text == *format ? text + 1 : NULL;
        } else {
            format++;
            while (*format && strchr("+0_-^#", *format))
                format++;
            for (; isdigit((unsigned char)*format); format++)
                width = width > 99 ? 99 : width * 10 + (*format - '0');
            if (*format == 'E' || *format == 'O')
                format++;
            if (!*format)
                return NULL;
            text = read_conversion(text, *format, width, to, pending);
        }
    }
    return text;
}

char *strptime(const char *restrict text, const char *restrict format, struct tm *restrict to)
{
    struct pending pending = {-1, -1, -1, -1};
    const char *end = read_format(text, format, to, &pending);

    if (!end)
        return NULL;
    if (pending.century >= 0) /* %C without %y: the year of the century is 0 */
        to->tm_year = pending.century * 100 - 1900 +
                      (pending.of_century > 0 ? pending.of_century : 0);
    else if (pending.of_century >= 0) /* POSIX: 69 to 99 belong to the 20th century */
        to->tm_year = pending.of_century + (pending.of_century < 69 ? 100 : 0);
    if (pending.hour >= 0)
        to->tm_hour = pending.hour % 12 + (pending.afternoon > 0 ? 12 : 0);
    return (char *)end;
}
