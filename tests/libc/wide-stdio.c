/* Wide characters on streams, wprintf() and its like, numbers in wide text. */
#include "check.h"
#include <errno.h>
#include <locale.h>
#include <sys/resource.h>
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

/* C17 7.29.2.2: widths, sets, ranges, white space and %n are of wide characters. */
static void test_scan_characters(void)
{
    wchar_t text[16];
    char bytes[32];
    int n = -1, number = 0;

    CHECK(swscanf(L"\u20ac\u20acx", L"%2lc%n", text, &n) == 1 && n == 2);
    CHECK(text[0] == 0x20AC && text[1] == 0x20AC);
    CHECK(swscanf(L"\u20ac\u20acx", L"%2ls%n", text, &n) == 1 && n == 2 && wcslen(text) == 2);
    CHECK(swscanf(L"\u20ac\u20acx", L"%2s%n", bytes, &n) == 1 && n == 2);
    CHECK_TEXT(bytes, "\u20ac\u20ac");
    CHECK(swscanf(L"\u20ac\u20acx", L"%3c%n", bytes, &n) == 1 && n == 3);
    CHECK(memcmp(bytes, "\u20ac\u20acx", 7) == 0);
    CHECK(swscanf(L"\u20acx", L"%*1s%n", &n) == 0 && n == 1);

    CHECK(swscanf(L"\u03b1\u03b2\u03b3\u03b4", L"%l[\u03b1-\u03b3]", text) == 1);
    CHECK(wcscmp(text, L"\u03b1\u03b2\u03b3") == 0);
    CHECK(swscanf(L"\u03b1\u03b2\u03b3\u03b4", L"%[\u03b1-\u03b3]", bytes) == 1);
    CHECK_TEXT(bytes, "\u03b1\u03b2\u03b3");
    CHECK(swscanf(L"\u00e9a", L"%l[^\u00e8]", text) == 1 && wcscmp(text, L"\u00e9a") == 0);
    CHECK(swscanf(L"\u00e9\u00ea", L"%l[\u00e9\u00eb]", text) == 1 && wcscmp(text, L"\u00e9") == 0);
    CHECK(swscanf(L"]-\u00e9]x", L"%l[]\u00e9-]", text) == 1 && wcscmp(text, L"]-\u00e9]") == 0);
    CHECK(swscanf(L"x\u00e9]", L"%l[^]\u00e8]", text) == 1 && wcscmp(text, L"x\u00e9") == 0);
    CHECK(swscanf(L"\U0001f600\U0001f601z", L"%l[\U0001f600-\U0001f64f]%n", text, &n) == 1);
    CHECK(n == 2);
    CHECK(swscanf(L"azb", L"%l[z-a]", text) == 1 && wcscmp(text, L"az") == 0); /* the ends */
    CHECK_IS(swscanf(L"\u0130", L"%l[0]", text), 0); /* 0x30 is its lower byte */

    CHECK(swscanf(L"\u3000\u20037", L"%d%n", &number, &n) == 1 && number == 7 && n == 3);
    CHECK(swscanf(L"a\u3000b", L"%ls%n", text, &n) == 1 && n == 1);
    CHECK(swscanf(L"a\u00a0b", L"%ls%n", text, &n) == 1 && n == 3); /* no break here */
    CHECK(swscanf(L"a \t\u2003b", L"a\u3000%lc%n", text, &n) == 1 && n == 5 && *text == 'b');
    CHECK(swscanf(L"\u20ac5", L"\u20ac%d%n", &number, &n) == 1 && number == 5 && n == 2);
    CHECK_IS(swscanf(L"\u20ac5", L"\u00ac%d", &number), 0);
    CHECK_IS(swscanf(L"\uff17", L"%d", &number), 0); /* digits are ASCII */
    CHECK(swscanf(L"7\u0137", L"%d%n", &number, &n) == 1 && number == 7 && n == 1);
#ifndef __GLIBC__
    CHECK(swscanf(L"abcdef", L"%l[a-c-e]", text) == 1 && wcscmp(text, L"abcde") == 0);
    CHECK_IS(swscanf(L"5", L"%\u0164", &number), EOF); /* 0x64 is d */
    CHECK_IS(swscanf(L"\xd800", L"%s", bytes), EOF);   /* no bytes mean it */
#endif
}

static void test_scan_allocated(void)
{
    char *bytes = NULL;
    wchar_t *text = NULL;

    CHECK(swscanf(L"\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac z", L"%ms", &bytes) == 1);
    CHECK_TEXT(bytes, "\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac");
    free(bytes);
    CHECK(swscanf(L"\u00e9a c", L"%mls", &text) == 1 && text && wcscmp(text, L"\u00e9a") == 0);
    free(text);
    CHECK(swscanf(L"\u00e9a\u00e9 c", L"%m[^a-c]", &bytes) == 1);
    CHECK_TEXT(bytes, "\u00e9");
    free(bytes);
}

/* Characters that end beyond a buffer of the stream's, and those that come back. */
static void test_scan_stream(void)
{
    for (int before = 4085; before < 4100; before++) {
        FILE *file = tmpfile();
        wchar_t text[8];
        int n = -1, number = 0;

        for (int j = 0; j < before; j++)
            putwc('x', file);
        fputws(L"\u20ac\U0001f600\u00e9 12\u00e9\U0001f601z", file);
        rewind(file);
        CHECK(fwscanf(file, L"%*l[x]%n", &n) == 0 && n == before);
        CHECK(fwscanf(file, L"%l[\u20ac]%n", text, &n) == 1 && n == 1 && *text == 0x20AC);
        CHECK(fwscanf(file, L"%l[\U0001f600\u00e9]%n", text, &n) == 1 && n == 2);
        CHECK(fwscanf(file, L"%d%n", &number, &n) == 1 && number == 12 && n == 3);
        CHECK_IS(getwc(file), 0xE9);
        CHECK_IS(fwscanf(file, L"y"), 0);
        CHECK_IS(getwc(file), 0x1F601);
        CHECK_IS(getwc(file), 'z');
        CHECK_IS(fwscanf(file, L"%lc", text), EOF);
        fclose(file);
    }
}

/* What is no character ends the input, wherever it comes. */
static void test_scan_bad(void)
{
    static const wchar_t *const formats[] = {L"a%ls",  L"a%lc",   L"a%d",
                                             L"a %lc", L"a%l[b]", L"a %%"};
    FILE *file = tmpfile();
    wchar_t text[8];
    int count = 6;

#if !defined LIBC_MIN && !defined __GLIBC__ /* musl forgets it behind white space and in sets */
    count = 3;
#endif
    write(fileno(file), "a\xff%b", 4);
    for (int j = 0; j < count; j++) {
        rewind(file);
        errno = 0;
        CHECK_IS(fwscanf(file, formats[j], text), EOF);
        CHECK_IS(errno, EILSEQ);
    }
    rewind(file);
    CHECK(fwscanf(file, L"%lc%lc", text, text + 1) == 1 && *text == 'a');
    fclose(file);
}

#ifdef LIBC_MIN
static int writes;

static ssize_t write_count(void *cookie, const char *bytes, size_t size)
{
    (void)cookie, (void)bytes;
    writes++;
    return (ssize_t)size;
}
#endif

/* A stream without a buffer is not given a character at a time. */
static void test_unbuffered(void)
{
#ifdef LIBC_MIN
    FILE *file = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_count});

    setvbuf(file, NULL, _IONBF, 0);
    CHECK_IS(fwprintf(file, L"hello \u20ac %d%ls\n", 5, L"\u00e9"), 11);
    CHECK_IS(writes, 1);
    CHECK(fputws(L"hello \u20ac\n", file) >= 0);
    CHECK_IS(writes, 2);
    fclose(file);
#endif
}

static void test_print_count(void)
{
    wchar_t text[32];
    FILE *file = tmpfile();
    int n = -1, m = -1;

    CHECK_IS(swprintf(text, 32, L"\u20ac\U0001f600%n%ls%n|", &n, L"\u00e9x", &m), 5);
    CHECK(n == 2 && m == 4);
    CHECK_IS(fwprintf(file, L"%s\u20ac%n%5ls|%n", "\u00e9", &n, L"\u20ac", &m), 8);
    CHECK(n == 2 && m == 8);
    CHECK_IS(ftell(file), 2 + 3 + 4 + 3 + 1);
    /* more than any buffer within holds */
    CHECK_IS(fwprintf(file, L"%1000ls%n%-1000d%0700d%n", L"\u20ac", &n, 5, 7, &m), 2700);
    CHECK(n == 1000 && m == 2700);
    CHECK_IS(ftell(file), 13 + 2702);
    fclose(file);
#if defined LIBC_MIN || defined __GLIBC__ /* musl's has no width here */
    CHECK_IS(swprintf(text, 32, L"%3lc%-3lc|", 0x20AC, 0xE9), 7);
    CHECK(wcscmp(text, L"  \u20ac\u00e9  |") == 0);
#endif
#ifndef __GLIBC__
    CHECK_IS(swprintf(text, 32, L"%\u0164", 5), -1); /* 0x64 is d */
#endif
}

/* What is no character of the stream's stops it there, after what came before. */
static void test_print_fails(void)
{
#ifndef __GLIBC__ /* says so when it flushes */
    FILE *file = tmpfile();
    char bytes[8] = "";

    errno = 0;
    CHECK_IS(fwprintf(file, L"ab%lccd", 0x110000), -1);
    CHECK_IS(errno, EILSEQ);
    CHECK(ferror(file));
    fflush(file);
    CHECK_IS(pread(fileno(file), bytes, sizeof bytes, 0), 2);
    CHECK_TEXT(bytes, "ab");
    fclose(file);
#endif
}

/* In the "C" locale, where arrays of wide characters have no encoding to mind. */
static void test_c_locale(void)
{
#if defined LIBC_MIN || defined __GLIBC__ /* musl's go by way of the locale's bytes */
    wchar_t text[16];
    int n = -1;

    setlocale(LC_ALL, "C");
    CHECK_IS(swprintf(text, 16, L"\u20ac%ls%lc%n", L"\u00e9", L'\U0001f600', &n), 3);
    CHECK(wcscmp(text, L"\u20ac\u00e9\U0001f600") == 0 && n == 3);
    CHECK(swscanf(L"\u03b1\u03b2\u03b3", L"%l[\u03b1-\u03b2]\u03b3%n", text, &n) == 1 && n == 3);
    CHECK(wcscmp(text, L"\u03b1\u03b2") == 0);
    CHECK(swscanf(L"\u20ac\u20ac 5", L"%ls%d", text, &n) == 2 && wcslen(text) == 2 && n == 5);
    setlocale(LC_ALL, "C.UTF-8");
#endif
}

/* C17 7.21.2p6: a stream keeps the encoding of the locale that it had at its first wide operation,
 * of whatever kind. */
static void bind_put(FILE *file)
{
    fputwc('x', file);
}

static void bind_text(FILE *file)
{
    fputws(L"x", file);
}

static void bind_print(FILE *file)
{
    fwprintf(file, L"x");
}

static void bind_fwide(FILE *file)
{
    fwide(file, 1);
    fputwc('x', file);
}

static void test_encoding(void)
{
    void (*const binds[])(FILE *) = {bind_put, bind_text, bind_print, bind_fwide};
    char bytes[8];

    for (int j = 0; j < 4; j++) {
        FILE *file = tmpfile();

        memset(bytes, 0, sizeof bytes);
        binds[j](file);
        setlocale(LC_ALL, "C");
        CHECK_IS(fputwc(0x20AC, file), 0x20AC);
        CHECK_IS(fputws(L"\u00e9", file) < 0, 0);
        fflush(file);
        CHECK_IS(pread(fileno(file), bytes, sizeof bytes, 0), 6);
        CHECK_TEXT(bytes, "x\u20ac\u00e9");
        rewind(file);
        CHECK_IS(getwc(file), 'x');
        CHECK_IS(getwc(file), 0x20AC);
        CHECK(ungetwc(0x20AC, file) == 0x20AC && getwc(file) == 0x20AC);
        file = freopen("/dev/null", "w", file);
#if defined LIBC_MIN || defined __GLIBC__ /* with musl the stream stays as it is */
        CHECK(file && fwide(file, 0) == 0);
#endif
#ifdef LIBC_MIN /* another file in the stream begins anew; glibc writes EUR */
        CHECK(file && fputwc(0x20AC, file) == WEOF);
#endif
        if (file)
            fclose(file);
        setlocale(LC_ALL, "C.UTF-8");
    }
}

/* Texts of many digits, with memory and without: without it no number is read, not part of one. */
static void test_long_numbers(void)
{
    enum { DIGITS = 300000 };
    static wchar_t text[DIGITS + 4];
    wchar_t *end;

    for (size_t i = 0; i < DIGITS; i++)
        text[i] = L'0';
    wmemcpy(text + DIGITS, L"7.5", 4);
    errno = 0;
    CHECK(wcstod(text, &end) == 7.5 && end == text + DIGITS + 3);
    CHECK(wcstol(text, &end, 10) == 7 && end == text + DIGITS + 1 && errno == 0);
#ifdef LIBC_MIN
    struct rlimit limit, none;
    CHECK_IS(getrlimit(RLIMIT_AS, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    CHECK_IS(setrlimit(RLIMIT_AS, &none), 0);
    while (malloc(DIGITS / 2)) /* what malloc() keeps of freed memory */
        ;
    errno = 0;
    CHECK(wcstod(text, &end) == 0 && end == text && errno == ENOMEM);
    errno = 0;
    CHECK(wcstol(text, &end, 10) == 0 && end == text && errno == ENOMEM);
    CHECK_IS(setrlimit(RLIMIT_AS, &limit), 0);
#endif
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
    test_long_numbers();
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
    test_print_count();
    test_print_fails();
    test_scan();
    test_scan_characters();
    test_scan_allocated();
    test_scan_stream();
    test_scan_bad();
    test_unbuffered();
    test_c_locale();
    test_encoding();
    test_numbers();
    return check_end();
}
