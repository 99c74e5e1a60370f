/* Sizes, and wrapped text, as the tables have them. */
#include "inspect/table.h"

#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void sizes(void)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } sizes[] = {
        {0, "0K"},
        {1, "1"},
        {1023, "1023"},
        {1025, "1025"},
        {4096, "4K"},
        {132 * 1024, "132K"},
        {1020 * 1024, "1020K"},
        {1 << 20, "1M"},
        {3 << 19, "1.5M"},
        {UINT64_C(1) << 30, "1G"},
        {UINT64_C(1) << 40, "1T"},
        {UINT64_C(0xaa) << 38, "42.5T"},
        {UINT64_C(1) << 47, "128T"},
        {UINT64_C(1) << 63, "8E"},
        /* 16 E less a page: tenths are rounded */
        {(uint64_t)-4096, "16E"},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char text[24];
        CHECK_TEXT(table_size(sizes[i].bytes, text), sizes[i].text);
    }
}

/* The column is six wide. */
static void sizes_fit(void)
{
    for (unsigned shift = 12; shift < 64; shift++) {
        static const unsigned tenths[] = {10, 11, 15, 19};
        for (size_t i = 0; i < sizeof tenths / sizeof *tenths; i++) {
            uint64_t bytes = (UINT64_C(1) << shift) / 10 * tenths[i] / 4096 * 4096;
            char text[24];
            if (strlen(table_size(bytes, text)) > 6)
                CHECK_TEXT(text, "at most six characters");
        }
    }
    char text[24];
    CHECK(strlen(table_size(UINT64_C(1024) * 1024 * 1024 - 512 * 1024, text)) <= 6);
}

/* What a terminal might act on is no more there. */
static void cleans(void)
{
    char text[64];
    CHECK_TEXT(table_clean("a\033[1m\n\x7f", text, sizeof text), "a?[1m??");
    CHECK_TEXT(table_clean("\xc2\x9b"
                           "1m\x9b"
                           "1m",
                           text, sizeof text),
               "??1m?1m");
    CHECK_TEXT(table_clean("\xc3\x9b\xe2\x82\x9b", text, sizeof text), "\xc3\x9b\xe2\x82\x9b");
    CHECK_TEXT(table_clean("ab\xc3\x9b", text, 4), "ab?"); /* cut within a character */
}

/* What table_wrap() writes for a text, in columns 10 to 29. */
static void check_wrapped(const char *text, const char *expected, int line)
{
    char *got = NULL;
    size_t length;
    struct table_style style = {.out = open_memstream(&got, &length), .width = 30};
    table_wrap(&style, 10, text);
    fclose(style.out);
    unit_check_text(got, expected, __FILE__, line);
    free(got);
}

#define CHECK_WRAPPED(text, expected) check_wrapped((text), (expected), __LINE__)

static void wraps(void)
{
    CHECK_WRAPPED("", "\n");
    CHECK_WRAPPED("12345678901234567890", "12345678901234567890\n");
    CHECK_WRAPPED("one two three four five", "one two three four\n          five\n");
    CHECK_WRAPPED("12345678901234567890 x", "12345678901234567890\n          x\n");
    /* a word that is longer than a line is cut */
    CHECK_WRAPPED("123456789012345678901 x", "12345678901234567890\n          1 x\n");
}

static void does_not_wrap_a_file(void)
{
    char *got = NULL, text[201];
    size_t length;
    struct table_style style = {.out = open_memstream(&got, &length)};
    memset(text, 'x', 200);
    text[200] = '\0';
    table_wrap(&style, 10, text);
    fclose(style.out);
    CHECK(length == 201 && got[200] == '\n');
    free(got);
}

const struct unit_test table_tests[] = {
    {"what a terminal might act on is replaced", cleans},
    {"sizes, exact or cut to a tenth", sizes},
    {"sizes of pages are at most six characters", sizes_fit},
    {"text is wrapped at blanks", wraps},
    {"but not where there is no width", does_not_wrap_a_file},
    {NULL, NULL},
};
