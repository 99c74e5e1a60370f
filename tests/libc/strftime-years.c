/* strftime's years and centuries, by flag and width: not glibc, which has no `+`, takes a width
 * below the usual one for that, and rounds centuries down. Expected is what POSIX.1-2024 says, by
 * snprintf(). musl deviates in two things, both before year 0: it puts a sign before century 0
 * of these years, and %g is below 0. */
#include "check.h"
#include <time.h>
#include <wchar.h>

static struct tm july(long year)
{
    /* far from the turn of the year, so that %G is %Y */
    return (struct tm){
        .tm_year = (int)(year - 1900), .tm_mon = 6, .tm_mday = 4, .tm_yday = 184, .tm_wday = 3};
}

/* The year, or a century of it, `usual` bytes wide by default. With `+` there is a sign if the
 * field takes more than that. */
static void expect(char *to, long number, int negative, char flag, int width, int usual)
{
    char digits[24];
    int bytes = snprintf(digits, sizeof digits, "%ld", number < 0 ? -number : number);
    int takes = width > bytes ? width : bytes;
    int sign = number < 0 ? '-' : flag == '+' && takes > usual ? negative ? '-' : '+' : 0;
    if (sign)
        *to++ = (char)sign;
    snprintf(to, 40, "%0*ld", width - (sign != 0) > 0 ? width - (sign != 0) : 1,
             number < 0 ? -number : number);
}

static void check_one(const char *format, long year, const char *expected)
{
    struct tm at = july(year);
    char got[80];
    size_t length = strftime(got, sizeof got, format, &at);

    if (length != strlen(expected) || strcmp(got, expected) != 0) {
        check_failures++;
        printf("%s of %ld is \"%s\", not \"%s\"\n", format, year, length ? got : "", expected);
    }
#ifdef LIBC_MIN /* musl's wcsftime() cuts a year down to the width */
    wchar_t wide_format[40], wide[80];
    swprintf(wide_format, 40, L"%s", format);
    CHECK_IS(wcsftime(wide, 80, wide_format, &at), length);
    for (size_t i = 0; i <= length; i++)
        CHECK_IS(wide[i], got[i]);
#endif
}

static void check_year(long year)
{
    static const char flags[] = {'0', '+'};
    char format[20], expected[60];

    for (size_t f = 0; f < sizeof flags; f++) {
        for (int width = 1; width <= 16; width++) {
            for (const char *conversion = "YG"; *conversion; conversion++) {
                sprintf(format, "%%%c%d%c", flags[f], width, *conversion);
                expect(expected, year, year < 0, flags[f], width, 4);
                check_one(format, year, expected);
            }
            sprintf(format, "%%%c%dF", flags[f], width);
            expect(expected, year, year<0, flags[f], width> 7 ? width - 6 : 1, 4);
            strcat(expected, "-07-04");
            check_one(format, year, expected);
#ifndef LIBC_MIN
            if (year < 0 && year > -100)
                continue;
#endif
            sprintf(format, "%%%c%dC", flags[f], width);
            expect(expected, year / 100, year < 0, flags[f], width, 2);
            check_one(format, year, expected);
        }
    }
    expect(expected, year, year < 0, '+', 4, 4);
    strcat(expected, "-07-04");
    check_one("%F", year, expected);
    expect(expected, year / 100, 0, 0, 2, 2);
    check_one("%C", year, expected);
    /* the usual width; past 9999 POSIX leaves a sign open, for which musl is followed */
    expect(expected, year, 0, year > 9999 ? '+' : 0, 4, 4);
    check_one("%Y", year, expected);
    expect(expected, year, 0, 0, 4, 4);
    check_one("%G", year, expected);
    sprintf(expected, "%02ld", labs(year % 100));
    check_one("%y", year, expected);
#ifndef LIBC_MIN
    if (year < 0)
        return;
#endif
    check_one("%g", year, expected);
}

/* A width longer than any buffer within. */
static void check_wide(void)
{
    enum { WIDTH = 5000 };
    static char got[WIDTH + 10];
    struct tm at = july(2026);

    CHECK_IS(strftime(got, sizeof got, "%05000Y", &at), WIDTH);
    CHECK(strspn(got, "0") == WIDTH - 4 && strcmp(got + WIDTH - 4, "2026") == 0);
    CHECK_IS(strftime(got, WIDTH, "%05000Y", &at), 0);
#ifdef LIBC_MIN /* musl's wcsftime() has room for 99 */
    static wchar_t wide[WIDTH + 10];
    CHECK_IS(wcsftime(wide, WIDTH + 1, L"%05000Y", &at), WIDTH);
    CHECK(wcsspn(wide, L"0") == WIDTH - 4 && wcscmp(wide + WIDTH - 4, L"2026") == 0);
    CHECK_IS(wcsftime(wide, WIDTH, L"%05000Y", &at), 0);
    CHECK_IS(wcsftime(wide, WIDTH + 10, L"%-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_06Y", &at), 6);
    CHECK(wcscmp(wide, L"002026") == 0);
#endif
}

int main(void)
{
    static const long years[] = {-2147481747, -100000, -12345, -10000, -9999,   -1234,
                                 -1000,       -999,    -101,   -100,   -99,     -10,
                                 -5,          -1,      0,      1,      5,       9,
                                 10,          50,      99,     100,    101,     500,
                                 999,         1000,    1969,   2020,   9999,    10000,
                                 12345,       99999,   100000, 999999, 1000000, 2147485547};

    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        check_year(years[i]);
    for (long year = -2100; year < 2100; year += 7)
        check_year(year);
    check_wide();
    return check_end();
}
