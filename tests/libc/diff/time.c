/* Random times in random zones: the calendar, mktime, strftime and strptime. Left out, because musl
 * and glibc differ: %Z of gmtime (UTC, GMT), years that have not four digits, the hour that is left
 * out and, with tm_isdst -1, the one that comes twice, DST that is asked for where there is none,
 * files before their first change, tzname[1] where there is no DST, and rules at the turn of a
 * year. */
#include "../check.h"
#include <ctype.h>
#include <time.h>

static const char *const names[] = {"Europe/Berlin",     "America/New_York",    "Asia/Tokyo",
                                    "Australia/Sydney",  "Asia/Kolkata",        "Europe/London",
                                    "America/Sao_Paulo", "Africa/Cairo",        "Pacific/Auckland",
                                    "Asia/Kathmandu",    "America/Caracas",     "Pacific/Apia",
                                    "Asia/Tehran",       "Australia/Lord_Howe", "UTC"};

static int random_below(int limit)
{
    return (int)(random_next() % limit);
}

/* As text, at least three letters. */
static void random_name(char *to)
{
    int quoted = random_below(3) == 0, count = 3 + random_below(3);

    if (quoted)
        *to++ = '<';
    while (count--)
        *to++ = (quoted ? "ab01+-" : "XYzabC")[random_below(6)];
    if (quoted)
        *to++ = '>';
    *to = 0;
}

static char *random_offset(char *to, int limit)
{
    static const char *const signs[] = {"", "-", "+"};

    int hours = random_below(limit);

    to += sprintf(to, "%s%d", signs[random_below(3)], hours);
    if (random_below(3) == 0) {
        to += sprintf(to, ":%02d", random_below(60));
        if (hours > 1 && random_below(3) == 0) /* the sign of less than a minute is not musl's */
            to += sprintf(to, ":%02d", random_below(60));
    }
    return to;
}

static char *random_day(char *to, int early)
{
    int kind = random_below(3), month = early ? 2 + random_below(4) : 8 + random_below(3);

    if (kind == 0)
        to += sprintf(to, ",M%d.%d.%d", month, 1 + random_below(5), random_below(7));
    else
        to += sprintf(to, ",%s%d", kind == 1 ? "J" : "", 1 + month * 30 - 20 + random_below(20));
    if (random_below(2))
        to += sprintf(to, "/%d", random_below(25));
    return to;
}

/* Answers whether it has DST. */
static int random_rule(char *to)
{
    int dst = random_below(3), south = random_below(2);

    random_name(to);
    to = random_offset(to + strlen(to), 13);
    if (dst) {
        /* DST of another name, and an hour from the standard time */
        strcpy(to, "DST");
        to = random_day(to + 3, !south);
        random_day(to, south);
    }
    return dst;
}

static void fields_show(const char *what, const struct tm *at)
{
    printf("%s %d-%d-%d %d:%d:%d %d %d %d\n", what, at->tm_year, at->tm_mon, at->tm_mday,
           at->tm_hour, at->tm_min, at->tm_sec, at->tm_wday, at->tm_yday, at->tm_isdst);
}

static int dst_at(time_t seconds)
{
    return localtime(&seconds)->tm_isdst;
}

/* No change within a day, so that every time is there once. */
static int quiet_at(time_t seconds)
{
    time_t before = seconds - 90000, after = seconds + 90000;
    long offset = localtime(&before)->tm_gmtoff;

    return localtime(&after)->tm_gmtoff == offset && localtime(&seconds)->tm_gmtoff == offset;
}

static void local_show(time_t seconds)
{
    static const char *const formats[] = {"%c %z %Z",
                                          "%a %A %b %B %C %d %D %e %F",
                                          "%g %G %H %I %j %m %M %p",
                                          "%r %R %S %T %u %U %V",
                                          "%w %W %x %X %y %Y %h",
                                          "%s",
                                          "%-d %-H %_d %_m %-j %6Y %5C",
                                          "%Ec %Od %OH %Ey"};
    struct tm at, copy;
    char text[200];
    size_t room = random_below(4) ? sizeof text : 1 + random_below(60);

    localtime_r(&seconds, &at);
    fields_show("local", &at);
    printf("%ld\n", at.tm_gmtoff);
    text[0] = 0;
    size_t count = strftime(text, room, formats[random_below(7)], &at); /* musl alone takes %Od */
    printf("%zu %s\n", count, count ? text : "");
    copy = at;
    if (quiet_at(seconds)) {
        copy.tm_isdst = -1;
        copy.tm_sec += random_below(5) ? 0 : random_below(40000) - 20000;
        copy.tm_hour += random_below(5) ? 0 : random_below(20) - 10;
        time_t made = mktime(&copy);
        if (quiet_at(made)) {
            printf("made %lld ", (long long)made);
            fields_show("", &copy);
        }
    }
}

static void parse_show(time_t seconds)
{
    static const char *const formats[] = {"%Y-%m-%d %H:%M:%S",    "%d %b %Y %I:%M:%S %p",
                                          "%A, %e %B %Y %R",      "%D %T",
                                          "%a %b %e %H:%M:%S %Y", "%j %C%y %m/%d %r"};
    const char *format = formats[random_below(6)];
    char text[200];
    struct tm at;

    gmtime_r(&seconds, &at);
    strftime(text, sizeof text, format, &at);
    char *changed = text + random_below(strlen(text));
    /* not a digit: where a number ends that is too large is another place in glibc */
    if (random_below(3) == 0 && !isdigit((unsigned char)*changed))
        *changed = "/:.aPmx"[random_below(7)];
    struct tm got = {.tm_year = 70, .tm_mday = 1};
    const char *end = strptime(text, format, &got);
    /* glibc finds the weekday and the day of the year too */
    printf("parse %s: %d\n", text, end ? (int)(end - text) : -1);
    if (end)
        printf("%d-%d-%d %d:%d:%d\n", got.tm_year, got.tm_mon, got.tm_mday, got.tm_hour, got.tm_min,
               got.tm_sec);
}

int main(int argc, char **argv)
{
    long rounds = argc > 2 ? atol(argv[2]) : 1000;
    int zoneinfo = access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == 0;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) | 1 : 1;
    for (long round = 0; round < rounds; round++) {
        char zone[100];
        /* 1001 to 9998 */
        time_t any = -30578688000 + (time_t)(random_next() % 283903920000);
        int named = zoneinfo && random_below(3) == 0, dst = 0;
        struct tm at;

        gmtime_r(&any, &at);
        fields_show("utc", &at);
        printf("%s", asctime(&at));
        at.tm_mon += random_below(100) - 50;
        at.tm_mday += random_below(1000) - 500;
        at.tm_hour += random_below(100000) - 50000;
        at.tm_min -= random_below(1000000);
        printf("timegm %lld ", (long long)timegm(&at));
        fields_show("", &at);
        parse_show(any);

        if (named)
            strcpy(zone, names[random_below(sizeof names / sizeof names[0])]);
        else
            dst = random_rule(zone);
        setenv("TZ", zone, 1);
        tzset();
        printf("zone %s\n", zone);
        if (!named)
            printf("%s %s %ld %d\n", tzname[0], dst ? tzname[1] : "", timezone, daylight != 0);
        for (int i = 0; i < 4; i++) /* 1970 to 2096 */
            local_show((time_t)(random_next() % 4000000000));
    }
    return 0;
}
