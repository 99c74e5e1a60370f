/* Wide characters on streams, wprintf() and its like, numbers in wide text. */
#include "check.h"
#include <errno.h>
#include <locale.h>
#include <wchar.h>

static void test_stream(void)
{
    wchar_t line[16];
    FILE *file = tmpfile();

    CHECK(fwide(file, 0) == 0);
    CHECK_IS(fputwc(L'\u20AC', file), 0x20AC);
    CHECK(fwide(file, 0) > 0);
    CHECK(fputws(L"h\u00e9\nlast", file) >= 0);
    CHECK_IS(ftell(file), 3 + 3 + 1 + 4);
    rewind(file);
    CHECK_IS(getwc(file), 0x20AC);
    CHECK_IS(ungetwc(L'\u00e9', file), 0xE9);
    CHECK_IS(getwc(file), 0xE9);
    CHECK(fgetws(line, 16, file) == line && wcscmp(line, L"h\u00e9\n") == 0);
    CHECK(fgetws(line, 3, file) == line && wcscmp(line, L"la") == 0);
    CHECK(fgetws(line, 16, file) == line && wcscmp(line, L"st") == 0);
    CHECK(getwc(file) == WEOF && feof(file));
    fclose(file);
}

static void test_bad_bytes(void)
{
    FILE *file = tmpfile();

    fputs("a\xFF", file);
    rewind(file);
    file = freopen(NULL, "r+", file);
    if (!file)
        return;
    rewind(file);
    CHECK_IS(fgetwc(file), 'a');
    errno = 0;
    CHECK(fgetwc(file) == WEOF);
    CHECK_IS(errno, EILSEQ);
    fclose(file);
}

/* The end within a character is an error, and no line. */
static void test_bad_end(void)
{
    FILE *file = tmpfile();
    wchar_t line[16];

    write(fileno(file), "ab\xE2\x82", 4);
    rewind(file);
    errno = 0;
#ifndef __GLIBC__ /* gives what came before, and says nothing of an error */
    CHECK(fgetws(line, 16, file) == NULL);
    CHECK_IS(errno, EILSEQ);
    CHECK(ferror(file));
#endif
    fclose(file);
}

/* As many come back as could be pushed back, each one whole. */
static void test_pushback(void)
{
    FILE *file = tmpfile();
    int pushed = 0;

    fputws(L"\u20acab", file);
    rewind(file);
    CHECK_IS(fgetwc(file), 0x20AC);
    while (pushed < 20 && ungetwc(0x20AC, file) == 0x20AC)
        pushed++;
    CHECK(pushed > 0);
    for (; pushed; pushed--)
        CHECK_IS(fgetwc(file), 0x20AC);
    CHECK_IS(fgetwc(file), 'a');
    CHECK_IS(fgetwc(file), 'b');
    CHECK(fgetwc(file) == WEOF);
    fclose(file);
    file = tmpfile();
    ungetwc('x', file);
    CHECK(fwide(file, 0) > 0);
    fclose(file);
}

static void test_null_characters(void)
{
    FILE *file = tmpfile();
    char bytes[8] = "";
    wchar_t text[8];

    CHECK_IS(fwprintf(file, L"x%lcy%d", L'\0', 42), 5);
    fflush(file);
    CHECK_IS(pread(fileno(file), bytes, sizeof bytes, 0), 5);
    CHECK(memcmp(bytes, "x\0y42", 5) == 0);
    fclose(file);
    CHECK_IS(swprintf(text, 8, L"a%cb", 0), 3);
#if defined LIBC_MIN || defined __GLIBC__ /* musl's ends with the first */
    CHECK(wmemcmp(text, L"a\0b", 4) == 0);
#endif
    CHECK_IS(swprintf(text, 3, L"a%cb", 0), -1);
}

static void test_print(void)
{
    wchar_t text[64];

    CHECK_IS(swprintf(text, 64, L"%d|%5.2f|%ls|%lc", 42, 2.5, L"h\u00e9", L'\u20AC'), 13);
    CHECK(wcscmp(text, L"42| 2.50|h\u00e9|\u20AC") == 0);
    CHECK_IS(swprintf(text, 64, L"[%4ls][%-4ls][%.1ls]", L"\u00e9", L"\u00e9", L"\u00e9z"), 15);
    CHECK(wcscmp(text, L"[   \u00e9][\u00e9   ][\u00e9]") == 0);
    CHECK_IS(swprintf(text, 64, L"[%4s][%.1s]", "\xC3\xA9", "\xC3\xA9z"), 9);
    CHECK(wcscmp(text, L"[   \u00e9][\u00e9]") == 0);
    CHECK_IS(swprintf(text, 4, L"%d", 1234), -1);
    CHECK_IS(swprintf(text, 5, L"%d", 1234), 4);
}

static void test_scan(void)
{
    int number = 0;
    wchar_t word[16];
    double real = 0;

    CHECK_IS(swscanf(L"42 h\u00e9 1.5", L"%d %ls %lf", &number, word, &real), 3);
    CHECK(number == 42 && wcscmp(word, L"h\u00e9") == 0 && real == 1.5);
}

static void test_numbers(void)
{
    const wchar_t *text = L" \u2003-42\u00e9", *digits = L"0x1Fz";
    wchar_t *end;

    CHECK_IS(wcstol(text, &end, 10), -42);
    CHECK(end == text + 5);
    CHECK_IS(wcstoul(digits, &end, 0), 31);
    CHECK(end == digits + 4);
    CHECK(wcstod(L"2.5e3 ", &end) == 2500 && *end == L' ');
    CHECK(wcstol(digits + 4, &end, 10) == 0 && end == digits + 4);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    test_stream();
    test_bad_bytes();
    test_bad_end();
    test_pushback();
    test_null_characters();
    test_print();
    test_scan();
    test_numbers();
    return check_end();
}
