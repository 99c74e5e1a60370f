/* printf() of floating numbers: every digit is exact, and rounded in the current direction. */
#include "check.h"
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <wchar.h>

static char text[20000];

#define FORMATS(expected, ...)                                                                     \
    do {                                                                                           \
        CHECK_IS(snprintf(text, sizeof text, __VA_ARGS__), (int)strlen(expected));                 \
        CHECK_TEXT(text, expected);                                                                \
    } while (0)

static void test_forms(void)
{
    FORMATS("0.000000 -0.000000 1.000000", "%f %f %f", 0.0, -0.0, 1.0);
    FORMATS("3.141593 3.141593e+00 3.14159", "%f %e %g", M_PI, M_PI, M_PI);
    FORMATS("100000 1e+06 0.0001 1e-05", "%g %g %g %g", 1e5, 1e6, 1e-4, 1e-5);
    FORMATS("1.E+00 1. 1.00000 0.00000", "%#.0E %#.0f %#g %#g", 1.0, 1.0, 1.0, 0.0);
    FORMATS("1e+300 1e-300 1e+1000", "%g %g %Lg", 1e300, 1e-300, 1e1000L);
    FORMATS("[    +1.50][+1.50    ][+00001.50]", "[%+9.2f][%+-9.2f][%+09.2f]", 1.5, 1.5, 1.5);
    FORMATS("0 0e+00 0", "%.0f %.0e %g", 0.0, 0.0, 0.0);
    FORMATS("0.1 0.10000000000000001", "%.15g %.17g", 0.1, 0.1);
    FORMATS("123.456 123", "%g %.3g", 123.456, 123.456);
}

static void test_special(void)
{
    FORMATS("inf -inf INF", "%f %g %E", INFINITY, -INFINITY, INFINITY);
    FORMATS("nan NAN", "%f %A", copysign(NAN, 1), copysign(NAN, 1));
    FORMATS("[  inf][inf  ][ +inf]", "[%05f][%-5f][%+5f]", INFINITY, INFINITY, INFINITY);
}

/* Bit patterns of 80 bits that the FPU takes for invalid operands: they are no numbers, whatever
 * the bits would come to. */
static void test_invalid(void)
{
    static const struct {
        uint64_t mantissa;
        uint16_t exponent; /* with the sign */
    } invalid[] = {
        {0x4000000000000000, 0x3fff},
        {0x7fffffffffffffff, 0x3fff},
        {1, 1}, /* unnormal */
        {0, 0x3fff},
        {0, 1},      /* pseudo-zeros */
        {0, 0x7fff}, /* pseudo-infinity */
        {1, 0x7fff},
        {0x7fffffffffffffff, 0x7fff}, /* pseudo-NaNs */
        {0x4000000000000000, 0x7ffe},
        {0xc000000000000000, 0x7fff}, /* the last: a NaN */
    };
    static const char *const formats[] = {"%La", "%Le", "%Lf", "%Lg", "%LA", "%LE", "%LF", "%LG"};
    wchar_t wide[16];

    for (size_t j = 0; j < 2 * sizeof invalid / sizeof invalid[0]; j++) {
        uint16_t sign = j % 2 ? 0x8000 : 0, exponent = invalid[j / 2].exponent | sign;
        long double value = 0;

        memcpy(&value, &invalid[j / 2].mantissa, 8);
        memcpy((char *)&value + 8, &exponent, 2);
        for (size_t f = 0; f < 8; f++)
            FORMATS(f < 4 ? sign ? "-nan" : "nan" : sign ? "-NAN" : "NAN", formats[f], value);
        FORMATS(sign ? "[ -nan][-nan ][-nan]" : "[ +nan][+nan ][+nan]",
                "[%+05Lf][%-+5.0La][%#+.9Lg]", value, value, value);
        CHECK_IS(swprintf(wide, 16, L"%Lg", value), sign ? 4 : 3);
        CHECK(wcscmp(wide, sign ? L"-nan" : L"nan") == 0);
    }
}

/* Exponent 0 with the top bit: 1.m times 2^-16382, as the FPU has it. */
static void test_pseudo_denormal(void)
{
    long double value = 0;
    uint64_t mantissa = 0xC000000000000000;

    memcpy(&value, &mantissa, 8);
    CHECK(value == 0x1.8p-16382L);
#ifndef __GLIBC__ /* %Le and the like give half of it */
    FORMATS("0x1.8p-16382 5.04315e-4932", "%La %Lg", value, value);
#endif
}

static void test_exact(void)
{
    FORMATS("0.1000000000000000055511151231257827021181583404541015625000", "%.58f", 0.1);
    FORMATS("17976931348623157081452742373170435679807056752584499659891747680315726078002853"
            "87605895586327668781715404589535143824642343213268894641827684675467035375169860"
            "49910576551282076245490090389328944075868508455133942304583236903222948165808559"
            "332123348274797826204144723168738177180919299881250404026184124858368",
            "%.0f", DBL_MAX);
    FORMATS("4.94065645841246544176568792868e-324", "%.29e", 0x1p-1074);
    FORMATS("1.18973149535723176502e+4932", "%.20Le", LDBL_MAX);
    FORMATS("3.645199531882474602528e-4951", "%.21Le", 0x1p-16445L);
    CHECK_IS(snprintf(text, sizeof text, "%.1074f", 0x1p-1074), 1076);
    CHECK_TEXT(text + 1076 - 10, "3447265625");
    CHECK_IS(snprintf(text, sizeof text, "%.16445Lf", 0x1p-16445L), 16447);
    CHECK(text[16446] == '5');
    CHECK_IS(snprintf(text, sizeof text, "%.18000f", 1.0), 18002);
    CHECK(text[18001] == '0');
}

static void test_rounding(void)
{
    FORMATS("0 2 2 4", "%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5); /* to even */
    FORMATS("0.1 0.1 0.2", "%.1f %.1f %.1f", 0.05, 0.125, 0.1875);
    FORMATS("10.0 9.95", "%.1f %.2f", 9.96, 9.95);
    FORMATS("1e+01 9.9", "%.0e %.2g", 9.5, 9.949999);
    FORMATS("1e+06 999999", "%g %g", 999999.5, 999999.4);
    FORMATS("0.0010", "%.4f", 0.00096);
    /* ties that have more digits than one product decides */
    FORMATS("0.00000000093132257461547851562", "%.29f", 0x1p-30);
    FORMATS("0.00000000279396772384643554688", "%.29f", 0x3p-30);
    fesetround(FE_UPWARD);
    FORMATS("0.4 -0.3 1 0.1 1e-01", "%.1f %.1f %.0f %.1f %.0e", 1.0 / 3, -1.0 / 3, 1e-300, 1e-9,
            0.0901);
    fesetround(FE_DOWNWARD);
    FORMATS("0.3 -0.4 -1 9", "%.1f %.1f %.0f %.0f", 1.0 / 3, -1.0 / 3, -1e-300, 9.99);
    fesetround(FE_TOWARDZERO);
    FORMATS("0.6 -0.6 1.9e+00", "%.1f %.1f %.1e", 2.0 / 3, -2.0 / 3, 1.99);
    fesetround(FE_TONEAREST);
}

static void test_hexadecimal(void)
{
    FORMATS("0x0p+0 0x1p+0 -0x1.8p+1 0X1.FP-4", "%a %a %a %A", 0.0, 1.0, -3.0, 0x1.fp-4);
    FORMATS("0x1.000p+0 0x1.p+0 0x2p+0", "%.3a %#.0a %.0a", 1.0, 1.0, 1.75);
    FORMATS("[  0x1p+0][0x001p+0][0x1p+0  ]", "[%8a][%08a][%-8a]", 1.0, 1.0, 1.0);
    FORMATS("0x1.fffffffffffffp+1023 0x1p-1022", "%a %a", DBL_MAX, DBL_MIN);
    FORMATS("0x1.23456789abcdep+0 0x1.23456p+0", "%a %.5a", 0x1.23456789abcdep+0,
            0x1.23456789abcdep+0);
}

/* 17 digits tell every double. */
static void test_round_trip(void)
{
    for (int i = 0; i < 20000; i++) {
        union {
            uint64_t bits;
            double value;
        } number = {random_next()}, back;

        if (!isfinite(number.value))
            continue;
        snprintf(text, sizeof text, "%.17g", number.value);
        back.value = strtod(text, NULL);
        CHECK_IS(back.bits, number.bits);
        snprintf(text, sizeof text, "%a", number.value);
        back.value = strtod(text, NULL);
        CHECK_IS(back.bits, number.bits);
    }
}

int main(void)
{
    test_forms();
    test_special();
    test_invalid();
    test_pseudo_denormal();
    test_exact();
    test_rounding();
    test_hexadecimal();
    test_round_trip();
    return check_end();
}
