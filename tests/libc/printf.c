/* printf() and its like, without floating numbers (printf-float.c): C17 7.21.6.1, POSIX. */
#include "check.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stddef.h>
#include <wchar.h>

static char text[4096];

/* Formats into the last bytes of a page, so that one byte too many is a crash. */
#define FORMATS(expected, ...)                                                                     \
    do {                                                                                           \
        CHECK_IS(snprintf(text, sizeof text, __VA_ARGS__), (int)strlen(expected));                 \
        CHECK_TEXT(text, expected);                                                                \
        char *edge_ = page_edge(sizeof expected);                                                  \
        CHECK_IS(sprintf(edge_, __VA_ARGS__), (int)strlen(expected));                              \
        CHECK_TEXT(edge_, expected);                                                               \
    } while (0)

static void test_integers(void)
{
    FORMATS("0", "%d", 0);
    FORMATS("-2147483648", "%d", INT_MIN);
    FORMATS("9223372036854775807", "%" PRId64, INT64_MAX);
    FORMATS("-9223372036854775808", "%lld", LLONG_MIN);
    FORMATS("18446744073709551615", "%ju", UINTMAX_MAX);
    FORMATS("4294967295", "%u", -1);
    FORMATS("-1 65535 -1 255", "%hd %hu %hhd %hhu", 65535, -1, 255, -1);
    FORMATS("18446744073709551615 -1", "%zu %td", SIZE_MAX, (ptrdiff_t)-1);
    FORMATS("777 1ff 1FF", "%o %x %X", 511, 511, 511);
    FORMATS("0777 0x1ff 0X1FF", "%#o %#x %#X", 511, 511, 511);
    FORMATS("0 0 0", "%#o %#x %#X", 0, 0, 0);
}

static void test_flags(void)
{
    FORMATS("+5 -5  5", "%+d %+d % d", 5, -5, 5);
    FORMATS("[   42][42   ][00042]", "[%5d][%-5d][%05d]", 42, 42, 42);
    FORMATS("[-0042][-42  ]", "[%05d][%-05d]", -42, -42);
    FORMATS("[  007][007  ]", "[%05.3d][%-5.3d]", 7, 7);
    FORMATS("[][ ][0][]", "[%.0d][% .0d][%#.0o][%.0x]", 0, 0, 0, 0);
    FORMATS("[   ][  +]", "[%3.0d][%+3.0d]", 0, 0);
    FORMATS("0x00ff   0xff", "%#06x %#6x", 255, 255);
    FORMATS("0017 017", "%#.4o %#.3o", 15, 15);
}

static void test_stars(void)
{
    FORMATS("[   42][42   ]", "[%*d][%*d]", 5, 42, -5, 42);
    FORMATS("[00042][42]", "[%.*d][%.*d]", 5, 42, -1, 42);
    FORMATS("[  abc]", "[%*.*s]", 5, 3, "abcdef");
}

static void test_strings(void)
{
    char *edge = page_edge(3);

    FORMATS("[abc][  abc][abc  ]", "[%s][%5s][%-5s]", "abc", "abc", "abc");
    FORMATS("[ab][][   ab]", "[%.2s][%.0s][%5.2s]", "abc", "abc", "abc");
    memcpy(edge, "xyz", 3); /* not terminated: no byte after the precision is read */
    FORMATS("xyz", "%.3s", edge);
    FORMATS("[a][  a][a  ]", "[%c][%3c][%-3c]", 'a', 'a', 'a');
    CHECK_IS(snprintf(text, sizeof text, "a%cb", 0), 3);
    CHECK(memcmp(text, "a\0b", 4) == 0);
    FORMATS("100%", "%d%%", 100);
    FORMATS("", "%s", "");
}

static void test_wide(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    FORMATS("h\xC3\xA9", "%ls", L"h\u00e9");
    FORMATS("h", "%.2ls", L"h\u00e9"); /* whole characters only */
    FORMATS("[  h\xC3\xA9]", "[%5ls]", L"h\u00e9");
    FORMATS("\xE2\x82\xAC\xE2\x82\xAC", "%lc%C", (wint_t)0x20AC, (wint_t)0x20AC);
    FORMATS("ab", "%S", L"ab");
    errno = 0;
    CHECK_IS(snprintf(text, sizeof text, "%ls", (wchar_t[]){0xD800, 0}), -1);
    CHECK_IS(errno, EILSEQ);
}

static void test_count(void)
{
    signed char tiny[2] = {-1, -1};
    short small = -1;
    int count = -1;
    long large = -1;
    intmax_t largest = -1;

    FORMATS("abc12", "abc%n%d%hhn%hn%ln%jn", &count, 12, tiny, &small, &large, &largest);
    CHECK_IS(count, 3);
    CHECK_IS(tiny[0], 5);
    CHECK_IS(tiny[1], -1);
    CHECK_IS(small, 5);
    CHECK_IS(large, 5);
    CHECK_IS(largest, 5);
}

static void test_positions(void)
{
    FORMATS("b a", "%2$s %1$s", "a", "b");
    FORMATS("   7 7 x", "%1$*2$d %1$d %3$c", 7, 4, 'x');
    FORMATS("3.50 2", "%2$.*1$f %1$d", 2, 3.5);
    FORMATS("9 8 7 6 5 4 3 2 1", "%9$d %8$d %7$d %6$d %5$d %4$d %3$d %2$d %1$d", 1, 2, 3, 4, 5, 6,
            7, 8, 9);
#ifdef LIBC_MIN /* what POSIX leaves undefined: no position may be left out, or be mixed */
    char text[64];

    FORMATS("b", "%2$s", 1, "b");
    errno = 0;
    CHECK_IS(snprintf(text, sizeof text, "%d %1$d", 5), -1);
    CHECK_IS(errno, EINVAL);
    CHECK_IS(snprintf(text, sizeof text, "%1$d %d", 5), -1);
    CHECK_IS(snprintf(text, sizeof text, "%*d %1$d", 5, 5), -1);
#endif
}

static void test_errno_text(void)
{
    char expected[200];

    sprintf(expected, "%-40s|5", strerror(EACCES));
    errno = EACCES;
    FORMATS(expected, "%-40m|%1$d", 5); /* takes no argument, and so has no position */

    strcpy(expected, strerror(ENOENT));
    errno = ENOENT;
    CHECK_IS(snprintf(text, sizeof text, "%m"), (int)strlen(expected));
    CHECK_TEXT(text, expected);
}

/* What C leaves undefined or to the implementation: as musl does. */
static void test_undefined(void)
{
#ifndef __GLIBC__ /* (nil), and nothing where (null) does not fit */
    FORMATS("0 0x10 [     0][0    ]", "%p %p [%6p][%-5p]", NULL, (void *)16, NULL, NULL);
    FORMATS("0000000000000000 0x000000000000000a", "%.0p %.3p", NULL, (void *)10);
    FORMATS("00000000000000000000 [  0x0000000000000001]", "%.20p [%20.5p]", NULL, (void *)1);
    FORMATS("(null) (nu [    (null)][(null)  ][]", "%s %.3s [%10s][%-8s][%.0s]", NULL, NULL, NULL,
            NULL, NULL);
    /* lengths that mean nothing to the letter, and all that stands between % and % */
    static const char *const refused[] = {"%hs", "%Ls",  "%jc", "%lls", "%zs", "%lp",  "%hp", "%Ld",
                                          "%qd", "%Lx",  "%hf", "%jg",  "%lS", "%hC",  "%5%", "%-%",
                                          "%l%", "%.3%", "%hm", "%y",   "%",   "%.-3d"};

    for (size_t j = 0; j < sizeof refused / sizeof refused[0]; j++) {
        wchar_t wide[16], wide_text[64];

        errno = 0;
        CHECK_IS(snprintf(text, sizeof text, refused[j], 0L), -1);
        CHECK_IS(errno, EINVAL);
        swprintf(wide, 16, L"%s", refused[j]);
        errno = 0;
        CHECK_IS(swprintf(wide_text, 64, wide, 0L), -1);
        CHECK_IS(errno, EINVAL);
    }
#endif
#ifdef LIBC_MIN /* musl's end in a crash, or refuse %p in wprintf() */
    wchar_t wide[64];

    FORMATS("(null) (nu []", "%ls %.3ls [%.0ls]", NULL, NULL, NULL);
    CHECK_IS(swprintf(wide, 64, L"%s %.3s %ls [%.0ls] %p [%4p]", NULL, NULL, NULL, NULL, NULL,
                      NULL),
             29);
    CHECK(wcscmp(wide, L"(null) (nu (null) [] 0 [   0]") == 0);
#endif
}

/* C17 7.21.6.1p8: %lc is %ls of one character, and of none where that is 0. */
static void test_wide_null(void)
{
#ifndef __GLIBC__ /* a null byte */
    FORMATS("a[]b[   ]", "a[%lc]b[%3lc]", 0, 0);
#endif
    CHECK_IS(snprintf(text, sizeof text, "%3lc|", 0x20), 4);
    CHECK_IS(snprintf(text, sizeof text, "%cx", 0), 2);
}

static void test_sizes(void)
{
    char small[4] = "~~~";

    CHECK_IS(snprintf(small, 3, "%s", "abcdef"), 6);
    CHECK_TEXT(small, "ab");
    CHECK_IS(snprintf(small, 1, "%d", 12345), 5);
    CHECK_TEXT(small, "");
    small[0] = '~';
    CHECK_IS(snprintf(small, 0, "%d", 12345), 5);
    CHECK(small[0] == '~');
    CHECK_IS(snprintf(NULL, 0, "%1000d|%s", 5, "abc"), 1004);
    CHECK_IS(snprintf(small, 3, "%10d", 1), 10);
    CHECK_TEXT(small, "  ");
}

static void test_overflow(void)
{
    char small[4];

#ifndef __GLIBC__ /* says the same, after writing both out for 10 seconds */
    errno = 0;
    CHECK_IS(snprintf(small, sizeof small, "%*d%*d", INT_MAX, 1, INT_MAX, 1), -1);
    CHECK_IS(errno, EOVERFLOW);
#endif
    errno = 0;
    CHECK_IS(snprintf(small, sizeof small, "%99999999999d", 1), -1);
    CHECK_IS(errno, EOVERFLOW);
}

static int call_vasprintf(char **result, const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vasprintf(result, format, arguments);
    va_end(arguments);
    return count;
}

static void test_other_ends(void)
{
    char *result = NULL, line[100];
    int ends[2];
    FILE *file = tmpfile();

    CHECK_IS(asprintf(&result, "%d-%s", 5, "x"), 3);
    CHECK_TEXT(result, "5-x");
    free(result);
    CHECK_IS(call_vasprintf(&result, "%0500d", 1), 500);
    CHECK_IS(strlen(result), 500);
    free(result);
    CHECK(pipe(ends) == 0);
    CHECK_IS(dprintf(ends[1], "<%s:%d>", "dprintf", 9), 11);
    CHECK_IS(read(ends[0], line, sizeof line), 11);
    CHECK(memcmp(line, "<dprintf:9>", 11) == 0);
    CHECK_IS(fprintf(file, "%5000d%s", 1, "end"), 5003); /* more than the buffer */
    CHECK_IS(ftell(file), 5003);
    fseek(file, -4, SEEK_END);
    CHECK_TEXT(fgets(line, sizeof line, file), "1end");
    CHECK_IS(fprintf(file, "x"), 1);
    fclose(file);
    file = fopen("/dev/null", "r");
    CHECK_IS(fprintf(file, "x"), -1);
    CHECK(ferror(file));
    fclose(file);
}

int main(void)
{
    test_integers();
    test_flags();
    test_stars();
    test_strings();
    test_wide();
    test_count();
    test_positions();
    test_errno_text();
    test_undefined();
    test_wide_null();
    test_sizes();
    test_overflow();
    test_other_ends();
    return check_end();
}
