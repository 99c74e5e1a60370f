/* <time.h>'s calendar: gmtime, mktime, zones by POSIX rules and by files, strftime, strptime. */
#include "check.h"
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <wchar.h>

static struct tm fields(int year, int month, int day, int hour, int minute, int second, int dst)
{
    return (struct tm){.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second,
                       .tm_isdst = dst};
}

static const char *text(const char *format, struct tm at)
{
    static char to[4][200];
    static int which;
    char *room = to[which++ % 4];

    room[0] = 0;
    strftime(room, sizeof to[0], format, &at);
    return room;
}

static void zone_set(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static void check_calendar(void)
{
    struct tm at;
    time_t seconds = 0;

    CHECK(gmtime_r(&seconds, &at) == &at);
    CHECK_TEXT(text("%Y-%m-%d %H:%M:%S %w %j", at), "1970-01-01 00:00:00 4 001");
    seconds = 951782400;
    CHECK_TEXT(text("%Y-%m-%d %a %j", *gmtime(&seconds)), "2000-02-29 Tue 060");
    seconds = -1;
    CHECK_TEXT(text("%Y-%m-%d %T %a %j", *gmtime(&seconds)), "1969-12-31 23:59:59 Wed 365");
    seconds = -11644473600; /* the epoch of FAT's successor, 1601-01-01, a Monday */
    CHECK_TEXT(text("%Y-%m-%d %T %a", *gmtime(&seconds)), "1601-01-01 00:00:00 Mon");

    /* the calendar day by day for 1200 years, counted */
    int year = 1500, month = 0, day = 1, of_year = 0, weekday = 1;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (seconds = -14831769600; year < 2700; seconds += 86400) {
        gmtime_r(&seconds, &at);
        if (at.tm_year + 1900 != year || at.tm_mon != month || at.tm_mday != day ||
            at.tm_yday != of_year || at.tm_wday != weekday || timegm(&at) != seconds) {
            CHECK_IS(seconds, -1);
            break;
        }
        int leap = year % 4 == 0 && (year % 100 || year % 400 == 0);
        of_year++, day++, weekday = (weekday + 1) % 7;
        if (day > lengths[month] + (leap && month == 1))
            day = 1, month++;
        if (month == 12)
            month = of_year = 0, year++;
    }

    /* tm_year is an int: the last second that has one, and the next */
    seconds = 67768036191676799;
    CHECK(gmtime_r(&seconds, &at) != NULL);
    CHECK_IS(at.tm_year, INT_MAX);
    CHECK_IS(at.tm_sec, 59);
    CHECK_IS(timegm(&at), 67768036191676799);
    errno = 0;
    seconds++;
    CHECK(!gmtime_r(&seconds, &at) && errno == EOVERFLOW);
    seconds = -67768040609740800;
    CHECK(gmtime_r(&seconds, &at) != NULL);
    CHECK_IS(at.tm_year, INT_MIN);
    seconds--;
    CHECK(!gmtime_r(&seconds, &at));
    seconds = LLONG_MIN;
    CHECK(!gmtime_r(&seconds, &at) && !localtime_r(&seconds, &at));
    seconds = LLONG_MAX;
    CHECK(!gmtime_r(&seconds, &at) && !localtime_r(&seconds, &at));

    /* fields out of range are carried */
    at = fields(2025, 14, 0, 25, -61, 3600, 0);
    CHECK_IS(timegm(&at), 1769907540);
    CHECK_TEXT(text("%F %T", at), "2026-02-01 00:59:00");
    at = fields(1970, 1, 1, 0, 0, INT_MAX, 0);
    at.tm_mon = INT_MIN;
    timegm(&at);
    CHECK_IS(at.tm_mon, 4);
    errno = 0;
    at = fields(1970, 13, 1, 0, 0, 0, 0);
    at.tm_year = INT_MAX;
    CHECK(timegm(&at) == -1 && errno == EOVERFLOW);
    CHECK_IS(at.tm_mon, 12); /* left as it was */
}

static void check_text(void)
{
    struct tm at = fields(2026, 1, 2, 3, 4, 5, 0);
    char room[80];

    at.tm_wday = 5, at.tm_yday = 1;
    CHECK_TEXT(asctime(&at), "Fri Jan  2 03:04:05 2026\n");
    CHECK(asctime_r(&at, room) == room);
    CHECK_TEXT(room, "Fri Jan  2 03:04:05 2026\n");
    CHECK_TEXT(text("%a %A %b %B %h|%c|%x|%X", at),
               "Fri Friday Jan January Jan|Fri Jan  2 03:04:05 2026|01/02/26|03:04:05");
    CHECK_TEXT(
        text("%C %d %D %e %F %g %G %H %I %j %m %M %n%p %r %R %S %t%T %u %U %V %w %W %y %Y %%", at),
        "20 02 01/02/26  2 2026-01-02 26 2026 03 03 002 01 04 \nAM 03:04:05 AM 03:04 05 "
        "\t03:04:05 5 00 01 5 00 26 2026 %");
    CHECK_TEXT(text("%Ec|%EC|%Ex|%EX|%Ey|%EY|%Od|%Oe|%OH|%OI|%Om|%OM|%OS|%Ou|%OU|%OV|%Ow|%OW|%Oy",
                    at),
               "Fri Jan  2 03:04:05 2026|20|01/02/26|03:04:05|26|2026|02| "
               "2|03|03|01|04|05|5|00|01|5|00|26");
    CHECK_TEXT(text("%-d %_d %-j %-H %_m %6Y %z", at), "2  2 2 3  1 002026 +0000");
    CHECK_IS(strftime(room, 5, "%Y", &at), 4);
    CHECK_IS(strftime(room, 4, "%Y", &at), 0);
    CHECK_IS(strftime(room, 1, "", &at), 0);
    CHECK_IS(room[0], 0);
    at.tm_isdst = -1;
    CHECK_TEXT(text("[%Z%z]", at), "[]");
#ifndef __GLIBC__
    at.tm_isdst = 0;
    CHECK_TEXT(text("%+4Y %+5Y %+6Y %+3C %+F %+12F %12F", at), /* POSIX.1-2024 */
               "2026 +2026 +02026 +20 2026-01-02 +02026-01-02 002026-01-02");
    at.tm_year = 99 - 1900;
    CHECK_TEXT(text("%Y %F", at), "0099 0099-01-02");
    at.tm_year = 12026 - 1900;
    CHECK_TEXT(text("%F %+F", at), "+12026-01-02 +12026-01-02");
#endif
    /* the weeks about new year: ISO 8601's examples */
    time_t seconds = 1230768000; /* 2009-01-01, a Thursday */
    CHECK_TEXT(text("%G-W%V-%u %U %W", *gmtime(&seconds)), "2009-W01-4 00 00");
    seconds += 365 * 86400 + 2 * 86400; /* 2010-01-03 */
    CHECK_TEXT(text("%G-W%V-%u %U %W", *gmtime(&seconds)), "2009-W53-7 01 00");
    seconds = 1230508800; /* 2008-12-29 */
    CHECK_TEXT(text("%G-W%V-%u %g", *gmtime(&seconds)), "2009-W01-1 09");

    wchar_t wide[40];
    at = fields(2026, 1, 2, 3, 4, 5, 0);
    CHECK_IS(wcsftime(wide, 40, L"\x20ac %Y-%m %p%%", &at), 13);
    CHECK(wcscmp(wide, L"\x20ac 2026-01 AM%") == 0);
    CHECK_IS(wcsftime(wide, 13, L"\x20ac %Y-%m %p%%", &at), 0);
    CHECK_IS(wcsftime(wide, 14, L"\x20ac %Y-%m %p%%", &at), 13);
    CHECK_IS(wcsftime(wide, 0, L"", &at), 0);
}

/* %Z and %z are of the fields that are given, whatever zone is set. */
static void check_zone_of_fields(void)
{
    time_t summer = 1600000000;
    struct tm at, copy;
    char own[] = "Foo";
    wchar_t wide[20];

    zone_set("CET-1CEST,M3.5.0,M10.5.0");
    localtime_r(&summer, &at);
    CHECK_TEXT(text("%Z%z", at), "CEST+0200");
    copy = at;
    zone_set("XYZ5");
    CHECK_TEXT(text("%z", copy), "+0200");
    CHECK_TEXT(text("%Z%z", *localtime_r(&summer, &at)), "XYZ-0500");
    gmtime_r(&summer, &at);
    CHECK(strcmp(at.tm_zone, "UTC") == 0 || strcmp(at.tm_zone, "GMT") == 0);
    CHECK_TEXT(text("%Z", at), at.tm_zone);
    CHECK_TEXT(text("%z", at), "+0000");
    at.tm_isdst = 0;
    at.tm_gmtoff = -12345;
    CHECK_TEXT(text("%z", at), "-0325");
    at.tm_gmtoff = 14 * 3600 + 59;
    CHECK_TEXT(text("%z", at), "+1400");
#if defined LIBC_MIN || defined __GLIBC__ /* musl knows only the names that it gave */
    CHECK_TEXT(text("%Z", copy), "CEST");
    at.tm_zone = own;
    CHECK_TEXT(text("[%Z]", at), "[Foo]");
    CHECK_TEXT(text("[%5Z|%^Z|%#Z]", at), "[  Foo|FOO|foo]");
    at.tm_isdst = 1;
    CHECK_TEXT(text("[%Z]", at), "[Foo]");
    CHECK_IS(wcsftime(wide, 20, L"[%Z]", &at), 5);
    CHECK(wcscmp(wide, L"[Foo]") == 0);
    /* a text of the locale, of which wcsftime() gives the characters */
    setlocale(LC_ALL, "C.UTF-8");
    at.tm_zone = "\xc3\x84\xe2\x82\xac";
    CHECK_IS(wcsftime(wide, 20, L"%Z", &at), 2);
    CHECK(wcscmp(wide, L"\u00c4\u20ac") == 0);
    CHECK_IS(wcsftime(wide, 2, L"%Z", &at), 0);
    CHECK_TEXT(text("%Z", at), at.tm_zone);
#endif
#ifdef LIBC_MIN
    at.tm_zone = "a\xff";
    CHECK_IS(wcsftime(wide, 20, L"%Z", &at), 0);
#endif
    setlocale(LC_ALL, "C");
#ifndef __GLIBC__ /* which takes the zone that is set */
    for (int dst = 0; dst < 2; dst++) {
        at = (struct tm){.tm_mday = 1, .tm_isdst = dst};
        CHECK_TEXT(text("[%Z]", at), "[]");
    }
    at = (struct tm){.tm_mday = 1, .tm_gmtoff = -59};
    CHECK_TEXT(text("%z", at), "+0000");
#endif
    at = (struct tm){.tm_mday = 1, .tm_year = 100};
    mktime(&at);
    CHECK_TEXT(text("%Z%z", at), "XYZ-0500");
    timegm(&at);
    CHECK(strcmp(text("%Z%z", at), "UTC+0000") == 0 || strcmp(text("%Z%z", at), "GMT+0000") == 0);
}

static void check_zone(const char *zone, time_t seconds, const char *expected)
{
    struct tm at, copy;

    zone_set(zone);
    CHECK(localtime_r(&seconds, &at) == &at);
    CHECK_TEXT(text("%Y-%m-%d %H:%M:%S %z %Z", at), expected);
    copy = at;
    copy.tm_wday = copy.tm_yday = -1;
    CHECK_IS(mktime(&copy), seconds);
    CHECK(copy.tm_wday == at.tm_wday && copy.tm_yday == at.tm_yday);
    CHECK(copy.tm_gmtoff == at.tm_gmtoff && copy.tm_isdst == at.tm_isdst);
    long long told = atoll(text("%s", at));
    CHECK_IS(told, seconds);
}

static void check_rules(void)
{
    check_zone("", 0, "1970-01-01 00:00:00 +0000 UTC");
    check_zone("EST5", 0, "1969-12-31 19:00:00 -0500 EST");
    check_zone("<+0530>-5:30", 0, "1970-01-01 05:30:00 +0530 +0530");
    check_zone("ABC-24:59:59", 0, "1970-01-02 00:59:59 +2459 ABC");
    CHECK_IS(timezone, -89999);
    /* Europe: the last Sundays of March and October, 01:00 UTC */
    check_zone("CET-1CEST,M3.5.0,M10.5.0/3", 1774745999, "2026-03-29 01:59:59 +0100 CET");
    check_zone("CET-1CEST,M3.5.0,M10.5.0/3", 1774746000, "2026-03-29 03:00:00 +0200 CEST");
    check_zone("CET-1CEST,M3.5.0,M10.5.0/3", 1792889999, "2026-10-25 02:59:59 +0200 CEST");
    check_zone("CET-1CEST,M3.5.0,M10.5.0/3", 1792890000, "2026-10-25 02:00:00 +0100 CET");
    CHECK(timezone == -3600 && daylight && !strcmp(tzname[0], "CET") && !strcmp(tzname[1], "CEST"));
    /* the south: DST over new year */
    check_zone("AEST-10AEDT,M10.1.0,M4.1.0/3", 1767225600, "2026-01-01 11:00:00 +1100 AEDT");
    check_zone("AEST-10AEDT,M10.1.0,M4.1.0/3", 1782864000, "2026-07-01 10:00:00 +1000 AEST");
    /* J does not count the leap day, the plain number does: 2024-03-01 is day 60 of both */
    check_zone("AAA0BBB,J60/0,J300/0", 1709251199, "2024-02-29 23:59:59 +0000 AAA");
    check_zone("AAA0BBB,J60/0,J300/0", 1709251200, "2024-03-01 01:00:00 +0100 BBB");
    check_zone("AAA0BBB,59/0,300/0", 1709164799, "2024-02-28 23:59:59 +0000 AAA");
    check_zone("AAA0BBB,59/0,300/0", 1709164800, "2024-02-29 01:00:00 +0100 BBB");
#ifndef __GLIBC__ /* which has no hours below 0 before 2.37 */
    check_zone("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1774745999, "2026-03-28 22:59:59 -0200 -02");
    check_zone("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1774746000, "2026-03-29 00:00:00 -0100 -01");
#endif
    /* the fifth is the last: Monday, 2026-08-31; Tuesday, 2026-06-30 */
    check_zone("AAA0BBB,M3.1.0,M8.5.1/1", 1788134399, "2026-08-31 00:59:59 +0100 BBB");
    check_zone("AAA0BBB,M3.1.0,M8.5.1/1", 1788134400, "2026-08-31 00:00:00 +0000 AAA");
    check_zone("AAA0BBB,M6.5.3/0,M8.5.1/1", 1782259200, "2026-06-24 01:00:00 +0100 BBB");
    check_zone("AAA0BBB,M6.5.2/0,M8.5.1/1", 1782777600, "2026-06-30 01:00:00 +0100 BBB");
    check_zone("IST-2IDT,M3.4.4/26,M10.5.0", 1774569599, "2026-03-27 01:59:59 +0200 IST");
    check_zone("IST-2IDT,M3.4.4/26,M10.5.0", 1774569600, "2026-03-27 03:00:00 +0300 IDT");
#ifdef LIBC_MIN /* DST all year, RFC 8536 3.3.1; musl has it not in its last hour */
    check_zone("EST5EDT,0/0,J365/25", 1798775999, "2026-12-31 23:59:59 -0400 EDT");
    check_zone("EST5EDT,0/0,J365/25", 1798776000, "2027-01-01 00:00:00 -0400 EDT");
    static const char *const none[] = {"A5",
                                       "<+03-3",
                                       "EST25",
                                       "EST5EDT,M13.1.0,M1.1.0",
                                       "EST5EDT,M3.2.0",
                                       "EST5EDT,M3.2.0,M11.1.0x",
                                       "EST",
                                       "EST5,",
                                       "EST5EDT,J0,J5",
                                       "EST5EDT,366,1",
                                       "EST5EDT,M3.2.7,1",
                                       "<>5",
                                       "EST5EDT,M3.2.0/168,M11.1.0",
                                       "EST5:60",
                                       "EST5EDT,,"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (strcmp(none[i], "EST") != 0) /* that is a file */
            check_zone(none[i], 0, "1970-01-01 00:00:00 +0000 UTC");
    check_zone("EST5EDT", 1782864000, "2026-06-30 20:00:00 -0400 EDT");
#endif
}

static void check_mktime(void)
{
    struct tm at;

    zone_set("CET-1CEST,M3.5.0,M10.5.0/3");
    at = fields(2026, 7, 25, 2, 30, 0, 0); /* a standard time told in summer */
    CHECK_IS(mktime(&at), 1784943000);
    CHECK(at.tm_isdst == 1 && at.tm_hour == 3);
    at = fields(2026, 2, 25, 2, 30, 0, 1);
    CHECK_IS(mktime(&at), 1771979400);
    CHECK(at.tm_isdst == 0 && at.tm_hour == 1);
    at = fields(2026, 10, 25, 2, 30, 0, 1); /* the hour that comes twice */
    CHECK_IS(mktime(&at), 1792888200);
    at = fields(2026, 10, 25, 2, 30, 0, 0);
    CHECK_IS(mktime(&at), 1792891800);
    at = fields(2026, 3, 29, 2, 30, 0, -1); /* the hour that is left out: on either side */
    time_t seconds = mktime(&at);
    CHECK(seconds == 1774747800 || seconds == 1774744200);
#ifdef LIBC_MIN
    CHECK_IS(seconds, 1774747800); /* as told in the time before */
    at = fields(2026, 7, 1, 0, 0, 0, -1);
    mktime(&at);
    at = fields(2026, 3, 29, 2, 30, 0, -1);
    CHECK_IS(mktime(&at), 1774747800);
    at = fields(2026, 10, 25, 2, 30, 0, -1); /* the standard one */
    CHECK_IS(mktime(&at), 1792891800);
#endif
    at = fields(2026, 3, 29, 1, 30, 3600, -1);
    seconds = mktime(&at);
    CHECK(seconds == 1774747800 || seconds == 1774744200);
    at = fields(1969, 12, 31, 24, 59, 59, 0);
    errno = 0;
    CHECK(mktime(&at) == -1 && errno == 0 && at.tm_mday == 1 && at.tm_wday == 4);
    at = fields(2026, 1, 1, 0, 0, 0, 0);
    at.tm_year = INT_MAX;
    at.tm_mon = 12;
    CHECK(mktime(&at) == -1 && errno == EOVERFLOW);
}

/* strptime() that takes all of the text and whose fields are, as by strftime(), the last argument.
 */
static void check_parse(const char *from, const char *format, const char *expected)
{
    struct tm at = {.tm_mday = 1};
    const char *end = strptime(from, format, &at);

    CHECK(end && !*end);
    if (!end || *end)
        printf("\"%s\" by \"%s\" ends at \"%s\"\n", from, format, end ? end : "(null)");
    CHECK_TEXT(text("%Y-%m-%d %H:%M:%S", at), expected);
}

static void check_strptime(void)
{
    static const char *const none[][2] = {{"24", "%H"}, {"13", "%I"}, {"0", "%I"},  {"x", "%H"},
                                          {"32", "%d"}, {"0", "%d"},  {"13", "%m"}, {"Foo", "%a"},
                                          {"x", "%Y"},  {"", "%d"},   {"5", "6"},   {"367", "%j"},
                                          {"XM", "%p"}, {"7", "%w"},  {"8", "%u"},  {"x", "%%"}};
    struct tm at = {0};

    check_parse("2026-03-04 05:06:07", "%Y-%m-%d %H:%M:%S", "2026-03-04 05:06:07");
    check_parse("Wed Mar  4 05:06:07 2026", "%c", "2026-03-04 05:06:07");
    check_parse("wednesday MARCH 4 1999", "%a %b %e %Y", "1999-03-04 00:00:00");
    check_parse("03/04/68", "%D", "2068-03-04 00:00:00");
    check_parse("03/04/69", "%D", "1969-03-04 00:00:00");
    check_parse("12:00:01 AM1970", "%I:%M:%S %p%Y", "1970-01-01 00:00:01");
    check_parse("PM 12 1970", "%p %I %Y", "1970-01-01 12:00:00");
    check_parse("20 45", "%C %y", "2045-01-01 00:00:00");
    check_parse("19700203", "%Y%m%d", "1970-02-03 00:00:00");
    check_parse("1970 \t\n 11", "%Y%n%H", "1970-01-01 11:00:00");
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        CHECK(!strptime(none[i][0], none[i][1], &at));
        if (strptime(none[i][0], none[i][1], &at))
            puts(none[i][1]);
    }
#if defined LIBC_MIN || defined __GLIBC__ /* what musl 1.2.3 does not read */
    check_parse("2026-03-04T05:06:07", "%FT%T", "2026-03-04 05:06:07");
    check_parse("1970%11", "%EY%%%OH", "1970-01-01 11:00:00");
    CHECK(strptime("+0130", "%z", &at) != NULL);
    CHECK_IS(at.tm_gmtoff, 5400);
    CHECK(strptime("-01:30", "%z", &at) != NULL);
    CHECK_IS(at.tm_gmtoff, -5400);
    zone_set("EST5");
    CHECK(strptime("100", "%s", &at) != NULL);
    CHECK_IS(at.tm_hour, 19);
#endif
}

static void put_number(unsigned char **to, uint64_t value, int size)
{
    while (size--)
        *(*to)++ = (unsigned char)(value >> (8 * size));
}

static unsigned char *put_header(unsigned char *to, char version, int times, int types, int names)
{
    memcpy(to, "TZif", 4);
    to[4] = (unsigned char)version;
    memset(to + 5, 0, 15);
    to += 20;
    put_number(&to, 0, 4);
    put_number(&to, 0, 4);
    put_number(&to, 0, 4);
    put_number(&to, times, 4);
    put_number(&to, types, 4);
    put_number(&to, names, 4);
    return to;
}

/* RFC 8536, by hand: AAA until 1000000, BBB (DST) until 2000000, then CCC, or by the last line. */
static size_t file_make(unsigned char *to, char version, const char *rule)
{
    unsigned char *from = to;

    for (int size = 4; size <= (version ? 8 : 4); size += 4) {
        if (size == 4 && version) { /* the first block of a newer file need not hold anything */
            to = put_header(to, version, 0, 1, 1);
            memset(to, 0, 7);
            to += 7;
            continue;
        }
        to = put_header(to, version, 2, 3, 12);
        put_number(&to, 1000000, size);
        put_number(&to, 2000000, size);
        *to++ = 1, *to++ = 2;
        put_number(&to, 3600, 4), *to++ = 0, *to++ = 0;
        put_number(&to, 7200, 4), *to++ = 1, *to++ = 4;
        put_number(&to, -5400, 4), *to++ = 0, *to++ = 8;
        memcpy(to, "AAA\0BBB\0CCC", 12);
        to += 12;
    }
    if (version)
        to += sprintf((char *)to, "\n%s\n", rule);
    return to - from;
}

static int files[2]; /* two in turn: the same name would not be read again */

static void file_use(const unsigned char *text, size_t size)
{
    static int which;
    int file = files[which++ % 2];
    char name[40];

    if (ftruncate(file, 0) != 0 || pwrite(file, text, size, 0) != (ssize_t)size)
        abort();
    sprintf(name, "/proc/self/fd/%d", file);
    zone_set(name);
}

static const char *local_text(time_t seconds)
{
    return text("%Y-%m-%d %H:%M:%S %z %Z", *localtime(&seconds));
}

static void check_files(void)
{
    unsigned char whole[600], damaged[600];
    size_t size;

    for (int i = 0; i < 2; i++)
        if ((files[i] = memfd_create("zone", MFD_CLOEXEC)) < 0)
            abort();
#if defined LIBC_MIN || defined __GLIBC__ /* musl reads neither version 1 nor an empty last line   \
                                           */
    for (int version = 0; version < 2; version++) {
        size = file_make(whole, version ? '2' : 0, "");
        file_use(whole, size);
        CHECK_TEXT(local_text(999999), "1970-01-12 14:46:39 +0100 AAA");
        CHECK_TEXT(local_text(1000000), "1970-01-12 15:46:40 +0200 BBB");
        CHECK_TEXT(local_text(1999999), "1970-01-24 05:33:19 +0200 BBB");
        CHECK_TEXT(local_text(2000000), "1970-01-24 02:03:20 -0130 CCC");
        CHECK_TEXT(local_text(1782864000), "2026-06-30 22:30:00 -0130 CCC");
    }
#endif
    size = file_make(whole, '3', "CCC1:30DDD,M3.2.0/-1,M11.1.0");
    file_use(whole, size);
    CHECK_TEXT(local_text(2000000), "1970-01-24 02:03:20 -0130 CCC");
    CHECK_TEXT(local_text(1782864000), "2026-06-30 23:30:00 -0030 DDD");
    CHECK_TEXT(tzname[1], "DDD");
    CHECK_IS(timezone, 5400);

#ifdef LIBC_MIN                                         /* the peers are not so careful */
    enum { BLOCKS = 44 + 7 + 44 + 2 * 9 + 3 * 6 + 12 }; /* before the last line */
    for (size_t i = 0; i < size; i++) {                 /* cut short: UTC, or without its rule */
        file_use(whole, i);
        CHECK_TEXT(local_text(1782864000),
                   i < BLOCKS ? "2026-07-01 00:00:00 +0000 UTC" : "2026-06-30 22:30:00 -0130 CCC");
    }
    /* the last bytes are in memory still, from the whole file before, but not in the file */
    file_use(damaged, file_make(damaged, '2', ""));
    file_use(damaged, BLOCKS - 4);
    CHECK_TEXT(local_text(1782864000), "2026-07-01 00:00:00 +0000 UTC");
    static const struct {
        int from_end;
        unsigned char value;
    } wrong[] = {{12 + 18 + 1, 3}, {12 + 7, 12},   {12 + 8, 2},
                 {1, 'x'},         {12 + 6, 0x10}, {12 + 18 + 2 + 16, 0x10}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        /* a type, a name and a sort of time that are not there, names without end, an offset of
         * years, times that fall */
        memcpy(damaged, whole, size);
        damaged[BLOCKS - wrong[i].from_end] = wrong[i].value;
        file_use(damaged, size);
        CHECK_TEXT(local_text(1782864000), "2026-07-01 00:00:00 +0000 UTC");
    }
    for (int i = 0; i < 4000; i++) {
        memcpy(damaged, whole, size);
        for (int count = 1 + random_next() % 4; count > 0; count--)
            damaged[random_next() % size] = random_next() % 3 ? random_next() : 0xff;
        file_use(damaged, size);
        for (int j = 0; j < 6; j++) {
            time_t seconds = (int64_t)random_next() >> (random_next() % 60);
            struct tm at;
            if (localtime_r(&seconds, &at)) {
                at.tm_isdst = j % 3 - 1;
                mktime(&at);
                CHECK(strlen(text("%c %z %Z", at)) > 20);
            }
        }
    }
    setenv("TZ", "/", 1);
    CHECK_TEXT(local_text(0), "1970-01-01 00:00:00 +0000 UTC");
    setenv("TZ", "/dev/tty", 1);
    CHECK_TEXT(local_text(0), "1970-01-01 00:00:00 +0000 UTC");
#endif
}

static void *thread(void *argument)
{
    for (int i = 0; i < 30000; i++) {
        time_t seconds = (time_t)(random_next() % 4000000000);
        struct tm at;
        localtime_r(&seconds, &at);
        if (mktime(&at) != seconds)
            return argument;
    }
    return NULL;
}

static void check_threads(void)
{
    pthread_t threads[4];
    void *failed;

    zone_set("CET-1CEST,M3.5.0,M10.5.0/3");
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, thread, &threads);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &failed);
        CHECK(!failed);
    }
}

int main(void)
{
    check_calendar();
    check_text();
    check_zone_of_fields();
    check_rules();
    check_mktime();
    check_strptime();
    check_files();
    check_threads();
    return check_end();
}
