/* strtod(), strtof(), strtold(): the values, the ends, what is out of range. */
#include "check.h"
#include <errno.h>
#include <fenv.h>
#include <float.h>
#include <math.h>

static uint64_t bits_of(double value)
{
    union {
        double value;
        uint64_t bits;
    } number = {value};

    return number.bits;
}

static void check_double(const char *text, double value, int length)
{
    char *end;

    CHECK_IS(bits_of(strtod(text, &end)), bits_of(value));
    CHECK_IS(end - text, length);
}

static void test_values(void)
{
    check_double("1", 1, 1);
    check_double(" -1.5e+3x", -1500, 8);
    check_double(".5", 0.5, 2);
    check_double("5.", 5, 2);
    check_double("-0", -0.0, 2);
    check_double("0.1", 0x1.999999999999ap-4, 3);
    check_double("1e23", 0x1.52d02c7e14af6p+76, 4);
    check_double("9007199254740993", 9007199254740992, 16); /* halfway, to even */
    check_double("9007199254740993.00000000000000000000000000000000000000000001", 9007199254740994,
                 61);
    check_double("2.2250738585072011e-308", 0x1.ffffffffffffep-1023, 23);
    check_double("1.7976931348623157e308", DBL_MAX, 22);
    check_double("4.9406564584124654e-324", 0x1p-1074, 23);
    check_double("2.4703282292062327208e-324", 0, 26); /* half of it, not quite */
    check_double("2.4703282292062327209e-324", 0x1p-1074, 26);
    check_double("0x1.8p1", 3, 7);
    check_double("0X.8P-1z", 0.25, 7);
    check_double("0x1.00000000000008p0", 1, 20);
    check_double("0x1.00000000000008000000000000000001p0", 0x1.0000000000001p0, 38);
    check_double("0x1p-1075", 0, 9);
    check_double("0e9999999999999999999", 0, 21);
    check_double("0.000000000000000000000000000000000000000001e42", 1, 47);
}

static void test_ends(void)
{
    check_double("1e", 1, 1);
    check_double("1e+", 1, 1);
    check_double("1e5.5", 1e5, 3);
    check_double("1.2.3", 1.2, 3);
    check_double("0x", 0, 1);
    check_double("0x.p1", 0, 1);
    check_double("0x1p", 1, 3);
    check_double("inf", INFINITY, 3);
    check_double("-INFINITYx", -INFINITY, 9);
    check_double("infinit", INFINITY, 3);
    check_double("", 0, 0);
    check_double(" -", 0, 0);
    check_double(".", 0, 0);
    check_double("e5", 0, 0);
    check_double("in", 0, 0);
}

static void test_nan(void)
{
    static const struct {
        const char *text;
        int length;
    } texts[] = {{"nan", 3}, {"NAN(12ab_)x", 10}, {"nan(", 3}, {"nan(1-)", 3}, {"-nan()", 6}};
    char *end;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK(isnan(strtod(texts[i].text, &end)));
        CHECK_IS(end - texts[i].text, texts[i].length);
    }
}

static void test_range(void)
{
    errno = 0;
    CHECK(strtod("1e309", NULL) == HUGE_VAL);
    CHECK_IS(errno, ERANGE);
    errno = 0;
    CHECK(strtod("-1e99999999999999999999", NULL) == -HUGE_VAL);
    CHECK_IS(errno, ERANGE);
    errno = 0;
    CHECK(strtod("1e-400", NULL) == 0);
    CHECK_IS(errno, ERANGE);
    errno = 0;
    CHECK(strtof("3.4028236e38", NULL) == HUGE_VALF);
    CHECK_IS(errno, ERANGE);
    errno = 0;
    CHECK(strtof("3.4028235e38", NULL) == FLT_MAX);
    CHECK(strtod("1e308", NULL) == 1e308);
    CHECK_IS(errno, 0);
    CHECK(strtold("1.18973149535723176502e+4932", NULL) == LDBL_MAX);
    CHECK(strtold("3.6451995318824746025e-4951", NULL) == 0x1p-16445L);
}

static void test_directions(void)
{
    fesetround(FE_UPWARD);
    CHECK_IS(bits_of(strtod("0.1", NULL)), bits_of(0x1.999999999999ap-4));
    CHECK_IS(bits_of(strtod("-0.1", NULL)), bits_of(-0x1.9999999999999p-4));
    CHECK_IS(bits_of(strtod("1e-300", NULL)), bits_of(0x1.56e1fc2f8f359p-997));
    CHECK_IS(bits_of(strtod("0.5", NULL)), bits_of(0.5));
    fesetround(FE_DOWNWARD);
    CHECK_IS(bits_of(strtod("0.1", NULL)), bits_of(0x1.9999999999999p-4));
    CHECK_IS(bits_of(strtod("-0.1", NULL)), bits_of(-0x1.999999999999ap-4));
    fesetround(FE_TOWARDZERO);
    CHECK_IS(bits_of(strtod("-0.1", NULL)), bits_of(-0x1.9999999999999p-4));
    fesetround(FE_TONEAREST);
}

/* The sum of a double and half of its last place, in as many digits as it takes, goes to even; a
 * digit more goes up. */
static void test_halfway(void)
{
    static char text[2000];

    for (int i = 0; i < 3000; i++) {
        union {
            uint64_t bits;
            double value;
        } low = {random_next() >> 1}, high = {low.bits + 1};
        size_t length;

        if (!isfinite(high.value))
            continue;
        length = (size_t)snprintf(text, sizeof text, "%.1100Lf",
                                  ((long double)low.value + high.value) / 2);
        CHECK_IS(bits_of(strtod(text, NULL)), low.bits & 1 ? high.bits : low.bits);
        strcpy(text + length, "1");
        CHECK_IS(bits_of(strtod(text, NULL)), high.bits);
    }
}

/* What decides may come after any number of digits. */
static void test_long(void)
{
    static char text[40020] = "9007199254740993.";

    memset(text + 17, '0', 40000);
    CHECK(strtod(text, NULL) == 9007199254740992);
    strcpy(text + 40000, "1");
    CHECK(strtod(text, NULL) == 9007199254740994);
}

int main(void)
{
    test_values();
    test_ends();
    test_nan();
    test_range();
    test_directions();
    test_halfway();
    test_long();
    return check_end();
}
