/* The rules of POSIX 8.3: std offset [dst [offset] [,start[/time],end[/time]]] */
#include "calendar.h"
#include "zone.h"
#include <string.h>

/* A text being read: `at` moves on, and is NULL after the first error. */
struct reading {
    const char *at;
};

static int digit(char c)
{
    return c >= '0' && c <= '9';
}

static int letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Skips the next character if it is `c`. */
static int take(struct reading *text, char c)
{
    if (!text->at || *text->at != c)
        return 0;
    text->at++;
    return 1;
}

static int number(struct reading *text, int least, int most)
{
    int value = 0;

    if (!text->at || !digit(*text->at)) {
        text->at = NULL;
        return 0;
    }
    for (; digit(*text->at); text->at++)
        if ((value = value * 10 + (*text->at - '0')) > most)
            break;
    if (value < least || value > most)
        text->at = NULL;
    return value;
}

/* [+|-]hh[:mm[:ss]], in seconds */
static int hours(struct reading *text, int most)
{
    int sign = take(text, '-') ? -1 : 1, seconds;

    if (sign == 1)
        take(text, '+');
    seconds = number(text, 0, most) * 3600;
    if (take(text, ':')) {
        seconds += number(text, 0, 59) * 60;
        if (take(text, ':'))
            seconds += number(text, 0, 59);
    }
    return sign * seconds;
}

/* At least three letters, or letters, digits and signs in <>. Returns the length. */
static size_t name(struct reading *text, const char **to)
{
    int quoted = take(text, '<');
    const char *from = text->at;
    size_t length = 0;

    while (letter(from[length]) ||
           (quoted && (digit(from[length]) || from[length] == '+' || from[length] == '-')))
        length++;
    text->at = length < 3 ? NULL : from + length;
    if (quoted && !take(text, '>'))
        text->at = NULL;
    *to = from;
    return length;
}

static struct zone_day day(struct reading *text)
{
    struct zone_day to = {.kind = 'n', .time = 2 * 3600};

    if (take(text, 'J')) {
        to.kind = 'J';
        to.day = number(text, 1, 365);
    } else if (take(text, 'M')) {
        to.kind = 'M';
        to.month = number(text, 1, 12) - 1;
        if (!take(text, '.'))
            text->at = NULL;
        to.week = number(text, 1, 5);
        if (!take(text, '.'))
            text->at = NULL;
        to.day = number(text, 0, 6);
    } else {
        to.day = number(text, 0, 365);
    }
    if (take(text, '/'))
        to.time = hours(text, 167);
    return to;
}

int __zone_rule_parse(const char *from, struct zone_rule *to)
{
    /* POSIX leaves open what a DST without a rule means: here the rule of the United States since
     * 2007 */
    static const char usual[] = ",M3.2.0,M11.1.0";
    struct reading text = {from};
    const char *standard, *dst;
    size_t standard_length, dst_length;
    struct zone_rule rule = {.has_dst = 0};

    standard_length = name(&text, &standard);
    rule.standard.offset = -hours(&text, 24);
    if (!text.at)
        return 0;
    if (*text.at) {
        rule.has_dst = rule.dst.dst = 1;
        dst_length = name(&text, &dst);
        if (!text.at)
            return 0;
        if (*text.at && *text.at != ',')
            rule.dst.offset = -hours(&text, 24);
        else
            rule.dst.offset = rule.standard.offset + 3600;
        if (!text.at)
            return 0;
        if (!*text.at)
            text.at = usual;
        if (!take(&text, ','))
            return 0;
        rule.to_dst = day(&text);
        if (!take(&text, ','))
            return 0;
        rule.to_standard = day(&text);
        if (!text.at || *text.at)
            return 0;
        rule.dst.name = __zone_keep(dst, dst_length);
    }
    rule.standard.name = __zone_keep(standard, standard_length);
    *to = rule;
    return 1;
}

static int month_length(int month, int64_t year)
{
    return month == 1 ? 28 + calendar_leap(year) : 30 + (month + (month > 6) + 1) % 2;
}

/* The time of the rule's day in a year, on a clock with `offset` east of UTC. */
static int64_t day_seconds(const struct zone_day *day_of_rule, int64_t year, int32_t offset)
{
    int which = day_of_rule->day;
    int64_t days = __calendar_days(year, day_of_rule->month); /* J and n: month is 0 */

    if (day_of_rule->kind == 'J') {
        days += which - 1 + (which >= 60 && calendar_leap(year));
    } else if (day_of_rule->kind == 'n') {
        days += which;
    } else {
        int weekday = (int)((days + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
        int of_month = (which - weekday + 7) % 7 + (day_of_rule->week - 1) * 7;
        if (of_month >= month_length(day_of_rule->month, year)) /* week 5 is the last one */
            of_month -= 7;
        days += of_month;
    }
    return days * DAY + day_of_rule->time - offset;
}

/* Sorts the changes of the years nearby. Of two changes at the same time, the beginning of DST
 * comes after the end of DST of the year before: so a rule expresses DST all year (RFC 8536,
 * 3.3.1). */
void __zone_rule_find(const struct zone_rule *rule, int64_t seconds, struct zone_period *to)
{
    enum { YEARS = 4 };
    struct change {
        int64_t time;
        const struct zone_type *type;
    } changes[2 * YEARS];
    int count = 0, next = 0;
    struct tm fields;

    *to = (struct zone_period){INT64_MIN, INT64_MAX, rule->standard};
    if (!rule->has_dst || __calendar_split(seconds, &fields) != 0)
        return;
    for (int64_t year = fields.tm_year + INT64_C(1898); count < 2 * YEARS; year++)
        for (int begins = 0; begins < 2; begins++) {
            struct change new = {begins ? day_seconds(&rule->to_dst, year, rule->standard.offset)
                                        : day_seconds(&rule->to_standard, year, rule->dst.offset),
                                 begins ? &rule->dst : &rule->standard};
            int place = count++;
            for (; place > 0 && changes[place - 1].time > new.time; place--)
                changes[place] = changes[place - 1];
            changes[place] = new;
        }
    while (next < count && changes[next].time <= seconds)
        next++;
    if (next > 0) {
        to->begin = changes[next - 1].time;
        to->type = *changes[next - 1].type;
    }
    if (next < count)
        to->end = changes[next].time;
}
