/* Classes and case of characters, bytes and wide ones. */
#include "check.h"
#include <ctype.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>

static int in(int c, const char *ranges)
{
    for (; *ranges; ranges += 2)
        if (c >= (unsigned char)ranges[0] && c <= (unsigned char)ranges[1])
            return 1;
    return 0;
}

/* C11 7.4.1 for the "C" locale: first and last of each range. */
static const struct {
    const char *name;
    int (*of_byte)(int);
    int (*of_wide)(wint_t);
    const char *ranges;
} classes[] = {
    {"alnum", isalnum, iswalnum, "09AZaz"},   {"alpha", isalpha, iswalpha, "AZaz"},
    {"blank", isblank, iswblank, "  \t\t"},   {"cntrl", iscntrl, iswcntrl, "\x01\x1f\x7f\x7f"},
    {"digit", isdigit, iswdigit, "09"},       {"graph", isgraph, iswgraph, "!~"},
    {"lower", islower, iswlower, "az"},       {"print", isprint, iswprint, " ~"},
    {"punct", ispunct, iswpunct, "!/:@[`{~"}, {"space", isspace, iswspace, "  \t\r"},
    {"upper", isupper, iswupper, "AZ"},       {"xdigit", isxdigit, iswxdigit, "09AFaf"},
};

static void test_classes(void)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        wctype_t class = wctype(classes[i].name);

        CHECK(class != 0);
        for (int c = 1; c < 256; c++) {
            int expected = in(c, classes[i].ranges);

            if (!!classes[i].of_byte(c) != expected) {
                printf("is%s(%d)\n", classes[i].name, c);
                check_failures++;
            }
            if (c < 0x80 && (!!classes[i].of_wide((wint_t)c) != expected ||
                             !!iswctype((wint_t)c, class) != expected)) {
                printf("isw%s(%d)\n", classes[i].name, c);
                check_failures++;
            }
        }
        CHECK(!classes[i].of_byte(EOF) && !classes[i].of_wide(WEOF));
    }
    CHECK((iscntrl)(0) && !(isspace)(0) && wctype("none") == 0);
}

static void test_case(void)
{
    for (int c = 0; c < 256; c++) {
        CHECK_IS((tolower)(c), in(c, "AZ") ? c + 32 : c);
        CHECK_IS((toupper)(c), in(c, "az") ? c - 32 : c);
        if (c < 0x80) {
            CHECK_IS(towlower((wint_t)c), in(c, "AZ") ? c + 32 : c);
            CHECK_IS(towctrans((wint_t)c, wctrans("toupper")), in(c, "az") ? c - 32 : c);
        }
        CHECK_IS((isascii)(c) != 0, c < 0x80);
        CHECK_IS((toascii)(c), c & 0x7f);
    }
    CHECK(tolower(EOF) == EOF && toupper(EOF) == EOF && towlower(WEOF) == WEOF);
    CHECK(!wctrans("none"));
}

/* What glibc's headers expand to, of which musl has the tables too. */
const unsigned short **__ctype_b_loc(void);
const int32_t **__ctype_tolower_loc(void);
const int32_t **__ctype_toupper_loc(void);

static void test_tables(void)
{
    static const struct {
        int (*of_byte)(int);
        int bit; /* the LSB's */
    } bits[] = {{isupper, 0x100},   {islower, 0x200},  {isalpha, 0x400},  {isdigit, 0x800},
                {isxdigit, 0x1000}, {isspace, 0x2000}, {isprint, 0x4000}, {isgraph, 0x8000},
                {isblank, 1},       {iscntrl, 2},      {ispunct, 4},      {isalnum, 8}};

    for (int c = -1; c < 256; c++) {
        for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
            CHECK(!bits[i].of_byte(c) == !((*__ctype_b_loc())[c] & bits[i].bit));
        /* From 0x80 up musl's have zeros, where glibc's have the byte. */
        if (c >= 0 && c < 0x80) {
            CHECK_IS((*__ctype_tolower_loc())[c], (tolower)(c));
            CHECK_IS((*__ctype_toupper_loc())[c], (toupper)(c));
        }
    }
    CHECK_IS((*__ctype_b_loc())[-128], 0);
}

/* A few of Unicode's, which are the same in every version. */
static void test_unicode(void)
{
    CHECK(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
    CHECK(iswalpha(0xe9) && iswlower(0xe9) && !iswupper(0xe9) && !iswpunct(0xe9));
    CHECK(towupper(0xe9) == 0xc9 && towlower(0xc9) == 0xe9);
    CHECK(towupper(0x3b1) == 0x391 && towlower(0x416) == 0x436 && towlower(0x1e9e) == 0xdf);
    CHECK(towlower(0x130) == 'i' && towupper(0x131) == 'I' && towupper(0xff) == 0x178);
    CHECK(towlower(0x101) == 0x101 && towlower(0x100) == 0x101 && towupper(0x101) == 0x100);
    CHECK(towlower(0x10400) == 0x10428 && towupper(0x1f80) == 0x1f88);
    CHECK(iswalpha(0x4e00) && iswalpha(0x5d0) && !iswalpha(0x20ac) && iswpunct(0x20ac));
    CHECK(iswspace(0x2003) && iswspace(0x3000) && !iswspace(0xa0) && !iswspace(0x202f));
    CHECK(iswcntrl(0x85) && iswcntrl(0x2028) && !iswprint(0x2028) && !iswprint(0xd800));
    CHECK(!iswprint(0xffff) && !iswprint(0x110000) && !iswdigit(0x661) && !iswxdigit(0xff11));
    CHECK(wcwidth('a') == 1 && wcwidth(0) == 0 && wcwidth(7) == -1);
    CHECK(wcwidth(0x301) == 0 && wcwidth(0x4e00) == 2 && wcwidth(0x1f600) == 2);
    CHECK(wcwidth(0xad) == 1 && wcwidth(0x200b) == 0 && wcwidth(0xff71) == 1);
    CHECK(wcswidth(L"a\x4e00\x301z", 9) == 4 && wcswidth(L"a\x4e00\x301z", 2) == 3);
    CHECK(wcswidth(L"a\x07", 9) == -1);
}

/* Blocks whose characters are of one width, and those that are not assigned: EastAsianWidth.txt
 * gives those N, but W where ideographs are to come. */
static void test_width(void)
{
    for (wint_t c = 0xd7b0; c <= 0xd7c6; c++) /* vowels of Hangul Jamo Extended-B; finals */
        CHECK_IS(wcwidth((wchar_t)c), 0);
    for (wint_t c = 0xd7cb; c <= 0xd7fb; c++)
        CHECK_IS(wcwidth((wchar_t)c), 0);
    for (wint_t c = 0x1160; c <= 0x11ff; c++)
        CHECK_IS(wcwidth((wchar_t)c), 0);
    for (wint_t c = 0xac00; c <= 0xd7a3; c++)
        CHECK_IS(wcwidth((wchar_t)c), 2);
#ifndef __GLIBC__ /* -1 for what is not assigned */
    CHECK(wcwidth(0x378) == 1 && wcwidth(0x530) == 1 && wcwidth(0xfdd0) == 1);
    CHECK(wcwidth(0x2fe00) == 2 && wcwidth(0x3fffd) == 2 && wcwidth(0xe01f0) == 1);
    for (wint_t c = 0x40000; c < 0xe0000; c++)
        if ((c & 0xffff) < 0xfffe && wcwidth((wchar_t)c) != 1) {
            CHECK_IS(wcwidth((wchar_t)c), 1);
            break;
        }
#endif
#ifdef LIBC_MIN /* of Unicode 15, where the others are older */
    CHECK(wcwidth(0x1f6dc) == 2 && wcwidth(0x31350) == 2 && wcwidth(0xece) == 0);
    CHECK(iswalpha(0x1e030) && iswalpha(0x31350) && iswpunct(0x1f6dc));
#endif
    /* shown, and no letter, digit or blank */
    CHECK(iswpunct(0xa0) && iswpunct(0xad) && iswpunct(0x202f) && iswpunct(0x200d));
    CHECK(iswpunct(0xfeff) && !iswpunct(0x2003) && !iswpunct(0x3000) && !iswpunct(0x85));
    CHECK(!iswpunct(0x378));
}

int main(void)
{
    test_unicode();
    test_width();
    test_classes();
    test_case();
    test_tables();
    return check_end();
}
