/* strtol() and its like, abs() and div(), a64l(). */
#include "check.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>

static void check_signed(const char *text, int base, long value, int length, int error)
{
    char *end;

    errno = 0;
    CHECK_IS(strtol(text, &end, base), value);
    CHECK_IS(end - text, length);
    CHECK_IS(errno, error);
    CHECK_IS(strtoimax(text, NULL, base), value);
    CHECK_IS(strtoll(text, NULL, base), value);
}

static void check_unsigned(const char *text, int base, unsigned long value, int error)
{
    errno = 0;
    CHECK_IS(strtoul(text, NULL, base), value);
    CHECK_IS(errno, error);
    CHECK_IS(strtoumax(text, NULL, base), value);
    CHECK_IS(strtoull(text, NULL, base), value);
}

static void test_signed(void)
{
    char *edge = page_edge(3);

    check_signed("123", 10, 123, 3, 0);
    check_signed(" \t\n\v\f\r-45x", 10, -45, 9, 0);
    check_signed("+7", 0, 7, 2, 0);
    check_signed("0x1Fg", 0, 31, 4, 0);
    check_signed("0x1F", 16, 31, 4, 0);
    check_signed("1F", 16, 31, 2, 0);
    check_signed("0x", 0, 0, 1, 0); /* the 0 is a number */
    check_signed("0xg", 16, 0, 1, 0);
    check_signed("0778", 0, 63, 3, 0);
    check_signed("08", 0, 0, 1, 0);
    check_signed("zZ", 36, 35 * 36 + 35, 2, 0);
    check_signed("102", 2, 2, 2, 0);
    check_signed("9223372036854775807", 10, LONG_MAX, 19, 0);
    check_signed("9223372036854775808!", 10, LONG_MAX, 19, ERANGE);
    check_signed("-9223372036854775808", 10, LONG_MIN, 20, 0);
    check_signed("-9223372036854775809", 10, LONG_MIN, 20, ERANGE);
    check_signed("99999999999999999999999999", 10, LONG_MAX, 26, ERANGE);
    check_signed("0x8000000000000000", 16, LONG_MAX, 18, ERANGE);
    memcpy(edge, "42", 3);
    check_signed(edge, 10, 42, 2, 0);
}

/* Without a number the end is where the text begins; errno is the library's choice. */
static void test_nothing(void)
{
    static const char *const texts[] = {"", "x", "-", "  +", "- 1", "--1"};
    char *end;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK_IS(strtol(texts[i], &end, 10), 0);
        CHECK(end == texts[i]);
    }
    errno = 0;
    CHECK_IS(strtol("1", NULL, 37), 0);
    CHECK_IS(errno, EINVAL);
    errno = 0;
    CHECK_IS(strtol("1", NULL, 1), 0);
    CHECK_IS(errno, EINVAL);
}

static void test_unsigned(void)
{
    check_unsigned("18446744073709551615", 10, ULONG_MAX, 0);
    check_unsigned("18446744073709551616", 10, ULONG_MAX, ERANGE);
    check_unsigned("-1", 10, ULONG_MAX, 0);
    check_unsigned("-18446744073709551615", 10, 1, 0);
    check_unsigned("-18446744073709551616", 10, ULONG_MAX, ERANGE);
    check_unsigned("777", 8, 511, 0);
}

static void test_all_bases(void)
{
    char text[80];

    for (int base = 2; base <= 36; base++) {
        for (int i = 0; i < 200; i++) {
            uint64_t value = random_next() >> random_next() % 64, left = value;
            char *next = text + sizeof text;

            *--next = 0;
            do
                *--next = "0123456789abcdefghijklmnopqrstuvwxyz"[left % (unsigned)base];
            while (left /= (unsigned)base);
            CHECK_IS(strtoul(next, NULL, base), value);
        }
    }
}

static void test_ato(void)
{
    CHECK_IS(atoi(" -12x"), -12);
    CHECK_IS(atol("2147483648"), 2147483648);
    CHECK_IS(atoll("-9223372036854775808"), LLONG_MIN);
    CHECK(atof("1.5e3x") == 1500);
}

static void test_division(void)
{
    CHECK_IS(abs(-5) + labs(-6L) + llabs(-7LL) + imaxabs(-8), 26);
    CHECK_IS(div(-7, 2).quot, -3);
    CHECK_IS(div(-7, 2).rem, -1);
    CHECK_IS(ldiv(7, -2).quot, -3);
    CHECK_IS(ldiv(7, -2).rem, 1);
    CHECK_IS(lldiv(LLONG_MIN, 10).rem, -8);
    CHECK_IS(imaxdiv(INTMAX_MAX, 10).quot, INTMAX_MAX / 10);
}

static void test_radix_64(void)
{
    CHECK_IS(a64l("./"), 64);
    CHECK_TEXT(l64a(0), "");
    for (long value = 1; value < 0x7fffffff; value = value * 5 + 3)
        CHECK_IS(a64l(l64a(value)), value);
}

int main(void)
{
    test_signed();
    test_nothing();
    test_unsigned();
    test_all_bases();
    test_ato();
    test_division();
    test_radix_64();
    return check_end();
}
