/* not glibc: its "C" locale has no characters from 0x80 up
 *
 * Conversions between bytes and wide characters, in the "C" locale and in UTF-8; wide strings. */
#include "check.h"
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <wchar.h>

/* By the definition of UTF-8, RFC 3629 section 3. */
static size_t encode(unsigned c, unsigned char *bytes)
{
    if (c < 0x80)
        return bytes[0] = (unsigned char)c, 1;
    if (c < 0x800)
        return bytes[0] = 0xc0 | c >> 6, bytes[1] = 0x80 | (c & 0x3f), 2;
    if (c < 0x10000)
        return bytes[0] = 0xe0 | c >> 12, bytes[1] = 0x80 | (c >> 6 & 0x3f),
               bytes[2] = 0x80 | (c & 0x3f), 3;
    return bytes[0] = 0xf0 | c >> 18, bytes[1] = 0x80 | (c >> 12 & 0x3f),
           bytes[2] = 0x80 | (c >> 6 & 0x3f), bytes[3] = 0x80 | (c & 0x3f), 4;
}

/* musl's "C" locale: every byte is a character and comes back. */
static void test_bytes(void)
{
    CHECK_IS(MB_CUR_MAX, 1);
    for (int c = 1; c < 256; c++) {
        char byte = (char)c, back = 0;
        wchar_t wide = 0;

        CHECK_IS(mbtowc(&wide, &byte, 1), 1);
        CHECK_IS(wide, c < 0x80 ? c : 0xdf00 + c);
        CHECK_IS(wctomb(&back, wide), 1);
        CHECK_IS(back, byte);
        CHECK_IS(btowc(c), wide);
        CHECK_IS(wctob((wint_t)wide), c);
    }
    CHECK(btowc(EOF) == WEOF && wctob(0xe9) == EOF && wctob(WEOF) == EOF);
    errno = 0;
    CHECK(wcrtomb((char[MB_LEN_MAX]){0}, 0xe9, NULL) == (size_t)-1 && errno == EILSEQ);
}

static void test_every_character(void)
{
    CHECK_IS(MB_CUR_MAX, 4);
    for (unsigned c = 1; c < 0x110000; c++) {
        unsigned char bytes[4], made[MB_LEN_MAX];
        size_t size = encode(c, bytes);
        mbstate_t state = {0};
        wchar_t wide = 0;

        if (c >= 0xd800 && c < 0xe000) {
            CHECK(mbrtowc(&wide, (char *)bytes, size, &state) == (size_t)-1);
            CHECK(wcrtomb((char *)made, (wchar_t)c, &state) == (size_t)-1);
            continue;
        }
        CHECK(mbrtowc(&wide, (char *)bytes, 4, &state) == size && (unsigned)wide == c);
        CHECK(wcrtomb((char *)made, (wchar_t)c, &state) == size && !memcmp(made, bytes, size));
        /* byte by byte */
        for (size_t i = 0; i + 1 < size; i++) {
            CHECK(mbrtowc(&wide, (char *)bytes + i, 1, &state) == (size_t)-2);
            CHECK(!mbsinit(&state));
        }
        CHECK(mbrtowc(&wide, (char *)bytes + size - 1, 1, &state) == 1 && (unsigned)wide == c);
        CHECK(mbsinit(&state));
        if (check_failures > 10)
            return;
    }
    CHECK(wcrtomb((char[MB_LEN_MAX]){0}, 0x110000, NULL) == (size_t)-1);
}

/* Every two bytes, and every three that begin with what restricts the second: right if and only if
 * they are what encode() makes. */
static void test_invalid(void)
{
    for (unsigned n = 0; n < 0x10000 * 3; n++) {
        unsigned char bytes[4] = {(unsigned char)(n >> 8), (unsigned char)n,
                                  (unsigned char[]){0x80, 0xbf, 'x'}[n >> 16], 0x80},
                      again[4];
        mbstate_t state = {0};
        wchar_t wide = 0;
        size_t size;

        errno = 0;
        size = mbrtowc(&wide, (char *)bytes, 4, &state);
        if (size == (size_t)-1)
            CHECK(errno == EILSEQ);
        else if (bytes[0])
            CHECK(encode((unsigned)wide, again) == size && !memcmp(again, bytes, size));
    }
    CHECK_IS(mblen("\xc0\x80", 2), -1);
    CHECK_IS(mblen("\xed\xa0\x80", 3), -1);
    CHECK_IS(mblen("\xf4\x90\x80\x80", 4), -1);
    CHECK_IS(mblen("\xe2\x82", 2), -1);
    CHECK_IS(mblen("\xe2\x82\xac", 3), 3);
}

static void test_strings(void)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
    static const wchar_t wides[] = {'a', 0xe9, 0x20ac, 0x1f600, 'z', 0};
    const char *from = text;
    const wchar_t *wide_from = wides;
    mbstate_t state = {0};
    wchar_t wide[8];
    char bytes[16];

    CHECK_IS(mbstowcs(NULL, text, 0), 5);
    CHECK_IS(mbstowcs(wide, text, 8), 5);
    CHECK(wcscmp(wide, wides) == 0);
    CHECK_IS(wcstombs(NULL, wides, 0), 11);
    CHECK_IS(wcstombs(bytes, wides, sizeof bytes), 11);
    CHECK_TEXT(bytes, text);

    CHECK_IS(wcstombs(bytes, (wchar_t[]){'a', 'b', 0xd800, 0}, 2), 2); /* it is not come to that */
    CHECK_IS(wcstombs(bytes, (wchar_t[]){'a', 'b', 0xd800, 0}, 3), -1);

    CHECK_IS(mbsrtowcs(wide, &from, 2, &state), 2);
    CHECK(from == text + 3);
    CHECK_IS(mbsrtowcs(wide, &from, 8, &state), 3);
    CHECK(!from);
    from = text;
    CHECK_IS(mbsnrtowcs(wide, &from, 6, 8, &state), 3);
    CHECK(from == text + 6 && wide[2] == 0x20ac);

    CHECK_IS(wcsrtombs(bytes, &wide_from, 5, &state), 3); /* the third needs three */
    CHECK(wide_from == wides + 2);
    CHECK_IS(wcsnrtombs(bytes, &wide_from, 2, 16, &state), 7);
    CHECK(wide_from == wides + 4);
    from = "ab\xff"
           "c";
    CHECK(mbsrtowcs(wide, &from, 8, &state) == (size_t)-1 && *from == '\xff');
}

static void test_wide_strings(void)
{
    wchar_t buffer[32], *rest;

    CHECK(wcslen(L"abc") == 3 && wcsnlen(L"abc", 2) == 2 && wcsnlen(L"abc", 9) == 3);
    CHECK(wcscmp(wcscat(wcscpy(buffer, L"ab"), L"cd"), L"abcd") == 0);
    CHECK(wcscmp(wcsncat(buffer, L"efgh", 2), L"abcdef") == 0);
    CHECK(wcscpy(buffer, L"x-y") == buffer && wcpcpy(buffer + 3, L"-z") == buffer + 5);
    CHECK(wcscmp(wcstok(buffer, L"-", &rest), L"x") == 0);
    CHECK(wcscmp(wcstok(NULL, L"-", &rest), L"y") == 0);
    CHECK(wcscmp(wcstok(NULL, L"-", &rest), L"z") == 0 && !wcstok(NULL, L"-", &rest));
    wmemset(buffer, L'#', 8);
    CHECK(wcsncpy(buffer, L"ab", 4) == buffer && !wmemcmp(buffer, L"ab\0\0##", 6));
    CHECK(wcpncpy(buffer, L"ab", 4) == buffer + 2 && wcpncpy(buffer, L"abcd", 3) == buffer + 3);
    CHECK(wcscmp(L"a", L"b") < 0 && wcsncmp(L"ab", L"ac", 1) == 0 && wcsncmp(L"ac", L"ab", 2) > 0);
    CHECK(wcscmp((wchar_t[]){-1, 0}, (wchar_t[]){1, 0}) < 0); /* wchar_t has a sign here */
    CHECK(wcscasecmp(L"HeLLo", L"hEllO") == 0 && wcsncasecmp(L"ABx", L"aby", 2) == 0);
    rest = wcschr(L"abcabc", L'b');
    CHECK(rest && wcscmp(rest, L"bcabc") == 0);
    rest = wcsrchr(L"abcabc", L'b');
    CHECK(rest && wcscmp(rest, L"bc") == 0);
    CHECK(!wcschr(L"abc", L'x') && *wcschr(L"abc", 0) == 0);
    CHECK(wcsspn(L"aabc", L"ab") == 3 && wcscspn(L"aabc", L"cb") == 2 &&
          *wcspbrk(L"abc", L"cb") == 'b');
    rest = wcsstr(L"a\x6161\x61"
                  L"abc",
                  L"\x61"
                  L"abc");
    CHECK(rest && wcscmp(rest, L"\x61"
                               L"abc") == 0);
    CHECK(!wcsstr(L"\x616100\x6200", L"\x6161\x62")); /* found as bytes, between characters */
    CHECK(!wcsstr(L"ab", L"abc") && wcsstr(L"abababababababababc", L"ababc"));
    CHECK(wmemchr(L"abc", L'c', 3) && !wmemchr(L"abc", L'c', 2));
    rest = wcsdup(L"copied");
    CHECK(rest && wcscmp(rest, L"copied") == 0);
    free(rest);
}

int main(void)
{
    test_bytes();
    test_wide_strings();
    CHECK(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
    test_every_character();
    test_invalid();
    test_strings();
    return check_end();
}
