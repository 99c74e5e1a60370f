/* Strings: strlen strnlen strchr strchrnul strrchr strcmp strncmp strcpy stpcpy on every path, and
 * the rest of <string.h>. */
#include "string_paths.h"
#include <strings.h>

/* Truncation is what is tested. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif

static size_t (*volatile length_of)(const char *) = strlen;
static size_t (*volatile bounded_length)(const char *, size_t) = strnlen;
static char *(*volatile find)(const char *, int) = strchr;
static char *(*volatile find_or_end)(const char *, int) = strchrnul;
static char *(*volatile find_last)(const char *, int) = strrchr;
static int (*volatile compare)(const char *, const char *) = strcmp;
static int (*volatile compare_bounded)(const char *, const char *, size_t) = strncmp;
static char *(*volatile copy)(char *, const char *) = strcpy;
static char *(*volatile copy_to_end)(char *, const char *) = stpcpy;

enum { AROUND = 64, ROOM = 4 * 4096 };

/* Each ends where the next page may not be touched, and begins where the one before may not. */
static char *left, *right;

static char letter(size_t at)
{
    return (char)('a' + (at * 7 + at / 26) % 24);
}

static char *put(char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        at[i] = letter(i);
    at[length] = 0;
    return at;
}

static int is(const char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (at[i] != letter(i))
            return 0;
    return at[length] == 0;
}

static void fill_all(char byte)
{
    for (size_t i = 0; i < ROOM; i++)
        left[i] = right[i] = byte;
}

/* A string of `length` there, with other bytes around it. */
static void find_case(char *at, size_t length)
{
    put(at, length);
    CHECK_CASE(length_of(at) == length, "%zu at %zu", length, (size_t)at % 4096);
    CHECK_CASE(bounded_length(at, SIZE_MAX) == length, "%zu", length);
    CHECK_CASE(bounded_length(at, length) == length, "%zu", length);
    CHECK_CASE(bounded_length(at, length + 1) == length, "%zu", length);
    CHECK_CASE(bounded_length(at, length / 2) == length / 2, "%zu", length);

    CHECK_CASE(find(at, 'z') == NULL, "%zu", length);
    CHECK_CASE(find(at, 0) == at + length, "%zu", length);
    CHECK_CASE(find_or_end(at, 'z') == at + length, "%zu", length);
    CHECK_CASE(find_or_end(at, 0) == at + length, "%zu", length);
    CHECK_CASE(find_last(at, 'z') == NULL, "%zu", length);
    CHECK_CASE(find_last(at, 0) == at + length, "%zu", length);
    for (size_t i = 0; i < length; i += length < 140 ? 1 : 83) {
        char was = at[i];

        at[i] = (char)0xe9;
        CHECK_CASE(find(at, 0xe9) == at + i, "at %zu of %zu", i, length);
        CHECK_CASE(find(at, (char)0xe9) == at + i, "at %zu of %zu", i, length);
        CHECK_CASE(find_or_end(at, 0xe9) == at + i, "at %zu of %zu", i, length);
        CHECK_CASE(find_last(at, 0xe9) == at + i, "at %zu of %zu", i, length);
        if (i != 0) {
            char first = at[0];

            at[0] = (char)0xe9;
            CHECK_CASE(find(at, 0xe9) == at, "at 0 of %zu", length);
            CHECK_CASE(find_last(at, 0xe9) == at + i, "also at %zu of %zu", i, length);
            at[0] = first;
        }
        at[i] = was;
    }
}

static void test_find(void)
{
    fill_all('z');
    FOR_LENGTHS(length)
    {
        find_case(left + ROOM - length - 1, length);
        for (size_t i = 0; i < 64; i += length < 140 ? 1 : 7) {
            find_case(left + i, length);
            for (size_t j = 0; j <= i + length; j++)
                left[j] = 'z';
        }
    }
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* Equal strings of `length` there, and the same with a difference anywhere. */
static void compare_case(char *a, char *b, size_t length)
{
    size_t step = length < 140 ? 1 : 61;

    put(a, length);
    put(b, length);
    CHECK_CASE(compare(a, b) == 0, "%zu: %zu, %zu", length, (size_t)a % 4096, (size_t)b % 4096);
    CHECK_CASE(compare_bounded(a, b, SIZE_MAX) == 0, "%zu", length);
    CHECK_CASE(compare_bounded(a, b, length) == 0, "%zu", length);
    for (size_t i = 0; i < length; i += step) {
        char was = b[i];

        b[i] = (char)0xe9; /* compared as unsigned char: the greatest here */
        CHECK_CASE(sign(compare(a, b)) == -1, "at %zu of %zu", i, length);
        CHECK_CASE(sign(compare(b, a)) == 1, "at %zu of %zu", i, length);
        CHECK_CASE(sign(compare_bounded(a, b, i + 1)) == -1, "at %zu of %zu", i, length);
        CHECK_CASE(sign(compare_bounded(b, a, SIZE_MAX)) == 1, "at %zu of %zu", i, length);
        CHECK_CASE(compare_bounded(a, b, i) == 0, "at %zu of %zu", i, length);
        b[i] = 0; /* what comes after the end of one does not matter */
        CHECK_CASE(sign(compare(a, b)) == 1, "end at %zu of %zu", i, length);
        CHECK_CASE(sign(compare(b, a)) == -1, "end at %zu of %zu", i, length);
        CHECK_CASE(sign(compare_bounded(a, b, i + 1)) == 1, "end at %zu of %zu", i, length);
        CHECK_CASE(compare_bounded(a, b, i) == 0, "end at %zu of %zu", i, length);
        a[i] = 0;
        CHECK_CASE(compare(a, b) == 0, "both end at %zu of %zu", i, length);
        CHECK_CASE(compare_bounded(a, b, SIZE_MAX) == 0, "both end at %zu of %zu", i, length);
        a[i] = b[i] = was;
    }
}

static void test_compare(void)
{
    fill_all('z');
    FOR_LENGTHS(length)
    {
        size_t step = length < 100 ? 3 : 17;

        compare_case(left + ROOM - length - 1, right + ROOM - length - 1, length);
        compare_case(left + length % 64, right + ROOM - length - 1, length);
        for (size_t i = length % step; i < 80; i += step) {
            /* Either of them crosses a page, at its beginning and in its middle. */
            compare_case(left + 4096 - i, right + length % 67, length);
            compare_case(left + length % 31, right + 4096 - i, length);
            compare_case(left + 4096 - i, right + 4096 - i * 3 % 80, length);
        }
    }
}

/* strncmp() of what does not end, and may not be read past the count. */
static void test_compare_unterminated(void)
{
    for (size_t length = 0; length < 400; length++) {
        char *a = left + ROOM - length, *b = right + ROOM - length, *c = right + length % 64;

        for (size_t i = 0; i < length; i++)
            a[i] = b[i] = c[i] = letter(i);
        c[length] = 'z';
        CHECK_CASE(compare_bounded(a, b, length) == 0, "%zu", length);
        for (size_t i = 0; i < length; i++)
            c[i] = letter(i);
        CHECK_CASE(compare_bounded(a, c, length) == 0, "%zu", length);
        for (size_t i = 0; i < length; i++)
            a[i] = letter(i);
        CHECK_CASE(bounded_length(a, length) == length, "%zu", length);
    }
}

static void copy_case(char *to, char *from, size_t length)
{
    size_t before = to - left < AROUND ? (size_t)(to - left) : AROUND;
    size_t after = (size_t)(left + ROOM - (to + length + 1));

    after = after < AROUND ? after : AROUND;
    put(from, length);
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < before + length + 1 + after; i++)
            to[i - before] = '#';
        if (again)
            CHECK_CASE(copy_to_end(to, from) == to + length, "%zu", length);
        else
            CHECK_CASE(copy(to, from) == to, "%zu", length);
        CHECK_CASE(is(to, length), "%zu, %zu from %zu", length, (size_t)to % 4096,
                   (size_t)from % 4096);
        for (size_t i = 0; i < before; i++)
            CHECK_CASE(to[-1 - (long)i] == '#', "%zu, %zu before it", length, i);
        for (size_t i = 0; i < after; i++)
            CHECK_CASE(to[length + 1 + i] == '#', "%zu, %zu after it", length, i);
    }
}

static void test_copy(void)
{
    fill_all('z');
    FOR_LENGTHS(length)
    {
        copy_case(left + ROOM - length - 1, right + ROOM - length - 1, length);
        copy_case(left + length % 64, right + ROOM - length - 1, length);
        for (size_t i = 0; i < 64; i += length < 300 ? 1 : 9) {
            copy_case(left + length * 7 % 64, right + 4096 - i, length);
            copy_case(left + ROOM - length - 1, right + i, length);
        }
    }
}

static void test_every_path(void)
{
    test_find();
    test_compare();
    test_compare_unterminated();
    test_copy();
}

static void test_copies(void)
{
    char to[16], *copied;

    memset(to, '#', sizeof to);
    CHECK(strncpy(to, "abc", 6) == to && memcmp(to, "abc\0\0\0#", 7) == 0);
    CHECK(strncpy(to, "abcdef", 3) == to && memcmp(to, "abc\0", 4) == 0);
    CHECK(stpncpy(to, "abc", 6) == to + 3 && stpncpy(to, "abc", 2) == to + 2);
    strcpy(to, "ab");
    CHECK_TEXT(strcat(to, "cd"), "abcd");
    CHECK_TEXT(strncat(to, "efgh", 2), "abcdef");
    CHECK_TEXT(strncat(to, "g", 9), "abcdefg");
    copied = strdup("copied");
    CHECK_TEXT(copied, "copied");
    free(copied);
    copied = strndup("copied", 4);
    CHECK_TEXT(copied, "copi");
    free(copied);
    CHECK(strxfrm(to, "sorted", sizeof to) == 6);
    CHECK_TEXT(to, "sorted");
    CHECK(strcoll("a", "b") < 0 && strcoll("b", "a") > 0 && strcoll("a", "a") == 0);
}

static void test_sets(void)
{
    CHECK_IS(strspn("aabbc", "ab"), 4);
    CHECK_IS(strspn("aaab", "a"), 3);
    CHECK_IS(strspn("abc", ""), 0);
    CHECK_IS(strspn("\xe9\xea", "\xea\xe9"), 2);
    CHECK_IS(strcspn("abcde", "ed"), 3);
    CHECK_IS(strcspn("abcde", "c"), 2);
    CHECK_IS(strcspn("abcde", ""), 5);
    CHECK_TEXT(strpbrk("abcde", "xdc"), "cde");
    CHECK(!strpbrk("abcde", "xyz") && !strpbrk("abc", ""));
}

static void test_tokens(void)
{
    char text[] = "--one-two--three", more[] = "a,,b", *rest, *at = more;

    CHECK_TEXT(strtok(text, "-"), "one");
    CHECK_TEXT(strtok(NULL, "-"), "two");
    CHECK_TEXT(strtok(NULL, "x-"), "three");
    CHECK(!strtok(NULL, "-") && !strtok(NULL, "-"));
    CHECK(!strtok_r((char[]){"---"}, "-", &rest));
    CHECK_TEXT(strtok_r(more + 2, ",", &rest), "b");
    CHECK(!strtok_r(NULL, ",", &rest));
    CHECK_TEXT(strsep(&at, ","), "a");
    CHECK_TEXT(strsep(&at, ","), "");
    CHECK_TEXT(strsep(&at, ","), "b");
    CHECK(!at && !strsep(&at, ","));
}

static void test_case(void)
{
    CHECK(strcasecmp("HeLLo", "hEllO") == 0 && strcasecmp("a", "B") < 0 &&
          strcasecmp("C", "b") > 0);
    CHECK(strcasecmp("[", "a") < 0); /* letters are compared as small ones */
    CHECK(strncasecmp("ABCx", "abcy", 3) == 0 && strncasecmp("ABCx", "abcy", 4) < 0);
    CHECK_TEXT(strcasestr("xxHeLLo", "hello"), "HeLLo");
    CHECK_TEXT(strcasestr("abc", ""), "abc");
    CHECK(!strcasestr("hell", "hello"));
    CHECK_TEXT(index("abc", 'b'), "bc");
    CHECK_TEXT(rindex("abcbd", 'b'), "bd");
}

/* The order that strverscmp(3) gives, and that of names with numbers. */
static void test_versions(void)
{
    static const char *const order[] = {"000", "00", "01", "010", "09", "0", "1", "9", "10"};
    static const int count = sizeof order / sizeof order[0];

    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            CHECK_CASE(sign(strverscmp(order[i], order[j])) == sign(i - j), "%s, %s", order[i],
                       order[j]);
    CHECK(strverscmp("part9", "part10") < 0 && strverscmp("a1b2", "a1b10") < 0);
    CHECK(strverscmp("a", "b") < 0 && strverscmp("same1", "same1") == 0);
}

/* strstr() against the definition, with needles long enough for every way to search. */
static void test_search(void)
{
    for (int round = 0; round < 40000; round++) {
        size_t length = random_next() % 200, needle_length = random_next() % 60;
        unsigned letters = 1 + (unsigned)(random_next() % 3);
        /* Some repeat themselves, nearly. */
        size_t period = round % 3 ? SIZE_MAX : 1 + random_next() % 20;
        char *string = left + ROOM - length - 1, *needle = right + ROOM - needle_length - 1;
        char *expected = NULL;

        for (size_t i = 0; i < length; i++)
            string[i] = i >= period && random_next() % 40 ? string[i - period]
                                                          : (char)('a' + random_next() % letters);
        for (size_t i = 0; i < needle_length; i++)
            needle[i] = (char)('a' + random_next() % letters);
        string[length] = needle[needle_length] = 0;
        if (round % 2 == 0 && needle_length <= length) {
            size_t at = random_next() % (length - needle_length + 1);

            for (size_t i = 0; i < needle_length; i++)
                needle[i] = string[at + i];
            if (needle_length != 0 && random_next() % 4 == 0)
                needle[random_next() % needle_length] = 'a';
        }
        for (size_t at = 0; at + needle_length <= length && !expected; at++) {
            size_t i = 0;

            while (i < needle_length && string[at + i] == needle[i])
                i++;
            if (i == needle_length)
                expected = string + at;
        }
        CHECK_CASE(strstr(string, needle) == expected, "%s in %s", needle, string);
    }
}

int main(int argc, char **argv)
{
    string_path_choose(argc, argv);
    left = page_edge(ROOM);
    right = page_edge(ROOM);
    test_every_path();
    test_copies();
    test_sets();
    test_tokens();
    test_case();
    test_versions();
    test_search();
    return check_end();
}
