/* not glibc: it gives back what C 7.21.6.2p9 says is consumed ("1e" is 1 there), and knows no
 * nan(1_a). scanf() and its like: C17 7.21.6.2, POSIX's %m and positions. */
#include "check.h"
#include <inttypes.h>
#include <locale.h>
#include <stddef.h>
#include <wchar.h>

static void test_integers(void)
{
    int a = 0, b = 0, c = 0;
    unsigned d = 0, e = 0;
    signed char tiny[2] = {0, 9};
    short small[2] = {0, 9};
    long long large = 0;
    intmax_t largest = 0;
    size_t size = 0;
    ptrdiff_t difference = 0;

    CHECK_IS(sscanf(" 12 -3,0x1f 077 ff", "%d%d,%i%o%x", &a, &b, &c, &d, &e), 5);
    CHECK(a == 12 && b == -3 && c == 31 && d == 63 && e == 255);
    CHECK_IS(sscanf("5 6 -7 -8 9 -10", "%hhd%hd%lld%jd%zu%td", tiny, small, &large, &largest, &size,
                    &difference),
             6);
    CHECK(tiny[0] == 5 && tiny[1] == 9 && small[0] == 6 && small[1] == 9);
    CHECK(large == -7 && largest == -8 && size == 9 && difference == -10);
    CHECK_IS(sscanf("12345", "%2d%1d%d", &a, &b, &c), 3);
    CHECK(a == 12 && b == 3 && c == 45);
    CHECK_IS(sscanf("017 08", "%i %i", &a, &b), 2);
    CHECK(a == 15 && b == 0);
}

static void test_results(void)
{
    int a = 7, b = 7;
    char word[8];

    CHECK_IS(sscanf("", "%d", &a), EOF);
    CHECK_IS(sscanf("  ", "%d", &a), EOF);
    CHECK_IS(sscanf("x", "%d", &a), 0);
    CHECK_IS(sscanf("-", "%d", &a), 0);
    CHECK_IS(sscanf("1", "%d%d", &a, &b), 1);
    CHECK_IS(sscanf("", "x"), EOF);
    CHECK_IS(sscanf("y", "x"), 0);
    CHECK_IS(sscanf("1x2", "%dx%d", &a, &b), 2);
    CHECK_IS(sscanf("1 y2", "%d x%d", &a, &b), 1);
    CHECK_IS(sscanf("50%", "%d%%%s", &a, word), 1);
    CHECK_IS(sscanf("50 % z", "%d%% %s", &a, word), 2);
    CHECK_IS(sscanf("1e", "%lf", (double[1]){0}), 0); /* a prefix, not a number */
    CHECK_IS(sscanf("0xz", "%lf", (double[1]){0}), 0);
    CHECK_IS(sscanf("1 2", "%*d%d", &a), 1);
    CHECK_IS(a, 2);
    CHECK_IS(sscanf("", "%5c", word), EOF);
#ifndef __GLIBC__ /* takes less, and calls it a match */
    CHECK_IS(sscanf("abc", "%5c", word), 0);
    CHECK_IS(sscanf("1 abc", "%d %5c", &a, word), 1);
#endif
}

static void test_floats(void)
{
    float f = 0;
    double d = 0;
    long double l = 0;

    CHECK_IS(sscanf("1.5 -2.5e1 0x1.8p3", "%f%lf%Lf", &f, &d, &l), 3);
    CHECK(f == 1.5f && d == -25 && l == 12);
    CHECK_IS(sscanf("inf -NaN(1_a) infinity", "%f%le%Lg", &f, &d, &l), 3);
    CHECK(f > 3e38f && d != d && l > 1e4000L);
    CHECK_IS(sscanf("3.14159", "%4lf", &d), 1);
    CHECK(d == 3.14);
    CHECK_IS(sscanf(".5.5", "%lf%lf", &d, (double[1]){0}), 2);
    CHECK(d == .5);
    CHECK_IS(sscanf("0.1000000000000000055511151231257827021181583404541015625000000000000000000000"
                    "0000000000000000000000000000000000000000000000000000000000000000000000000000",
                    "%lf", &d),
             1); /* longer than what is kept without allocation */
    CHECK(d == .1);
}

static void test_characters(void)
{
    char word[16], other[16], one = 0;

    memset(word, '~', sizeof word);
    CHECK_IS(sscanf("  abc def", "%s %3c", word, other), 2);
    CHECK_TEXT(word, "abc");
    CHECK(memcmp(other, "def", 3) == 0);
    CHECK_IS(sscanf(" x", "%c", &one), 1);
    CHECK_IS(one, ' ');
    CHECK_IS(sscanf("abc123]x", "%[a-z]%[]0-9]", word, other), 2);
    CHECK_TEXT(word, "abc");
    CHECK_TEXT(other, "123]");
    CHECK_IS(sscanf("key=value", "%[^=]=%s", word, other), 2);
    CHECK_TEXT(word, "key");
    CHECK_TEXT(other, "value");
    CHECK_IS(sscanf("a-b]", "%[ab-]%[^]a]", word, other), 1);
    CHECK_TEXT(word, "a-b");
    CHECK_IS(sscanf("abcdef", "%3s%2[a-z]", word, other), 2);
    CHECK_TEXT(word, "abc");
    CHECK_TEXT(other, "de");
    CHECK_IS(sscanf("1", "%[a-z]", word), 0);
    CHECK_IS(sscanf("azb", "%[z-a]", word), 1); /* the ends, and nothing between them */
    CHECK_TEXT(word, "az");
    CHECK_IS(sscanf("b-", "%[z-a]", word), 0);
    CHECK_IS(sscanf("-", "%[z-a]", word), 0);
    CHECK_IS(sscanf("abcdef", "%[a-c-e]", word), 1);
    CHECK_TEXT(word, "abcde");
}

static void test_wide(void)
{
    wchar_t wide[16];
    char bytes[16];

    setlocale(LC_ALL, "C.UTF-8");
    CHECK_IS(sscanf("h\xC3\xA9", "%ls", wide), 1);
    CHECK(wcscmp(wide, L"h\u00e9") == 0);
    /* no %lc of more than a byte: musl 1.2.3 takes the width for bytes */
    CHECK_IS(sscanf("a", "%lc", wide), 1);
    CHECK_IS(wide[0], 'a');
    CHECK_IS(sscanf("abc", "%l[a-b]%s", wide, bytes), 2);
    CHECK(wcscmp(wide, L"ab") == 0);
}

static void test_allocation(void)
{
    char *word = NULL, *set = NULL, *two = NULL;
    char text[500];

    memset(text, 'q', sizeof text);
    strcpy(text + sizeof text - 9, " 123 ab!");
    CHECK_IS(sscanf(text, "%ms %m[0-9] %2mc", &word, &set, &two), 3);
    CHECK_IS(strlen(word), sizeof text - 9);
    CHECK_TEXT(set, "123");
    CHECK(memcmp(two, "ab", 2) == 0);
    free(word);
    free(set);
    free(two);
}

static void test_count_and_positions(void)
{
    int a = 0, b = 0, n = 0;
    char c = 0;

    CHECK_IS(sscanf("12 34", "%d%n %d", &a, &n, &b), 2);
    CHECK_IS(n, 2);
    CHECK_IS(sscanf("x 5", "%2$c %1$d", &a, &c), 2);
    CHECK_IS(a, 5);
    CHECK_IS(c, 'x');
}

/* At most one character is given back, and the next read begins with it. */
static void test_stream(void)
{
    FILE *file = tmpfile();
    int a = 0;
    char word[8];

    fputs("12abc 7\n8", file);
    rewind(file);
    CHECK_IS(fscanf(file, "%d", &a), 1);
    CHECK_IS(getc(file), 'a');
    CHECK_IS(fscanf(file, "%s%d", word, &a), 2);
    CHECK_TEXT(word, "bc");
    CHECK_IS(ftell(file), 7);
    CHECK_IS(fscanf(file, "%d", &a), 1);
    CHECK_IS(a, 8);
    CHECK(feof(file));
    CHECK_IS(fscanf(file, "%d", &a), EOF);
    rewind(file);
    fputs("0x", file);
    rewind(file);
    CHECK_IS(fscanf(file, "%d", &a), 1);
    CHECK_IS(getc(file), 'x');
    fclose(file);
}

int main(void)
{
    test_integers();
    test_results();
    test_floats();
    test_characters();
    test_wide();
    test_allocation();
    test_count_and_positions();
    test_stream();
    return check_end();
}
