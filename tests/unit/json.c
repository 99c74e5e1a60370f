/* Writing JSON: RFC 8259 for escapes, RFC 3629 for what is UTF-8. */
#include "inspect/json.h"
#include "base/text.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

/* A string as it is written, with its quotes. */
static void check_string(const char *value, const char *expected, int line)
{
    char *text = NULL;
    size_t length;
    struct json json = {.out = open_memstream(&text, &length)};
    json_write_string(&json, NULL, value);
    fclose(json.out);
    unit_check_text(text, expected, __FILE__, line);
    free(text);
}

#define CHECK_STRING(value, expected) check_string((value), (expected), __LINE__)

static void escapes(void)
{
    CHECK_STRING("", "\"\"");
    CHECK_STRING("a/b", "\"a/b\"");
    CHECK_STRING("\"\\", "\"\\\"\\\\\"");
    CHECK_STRING("\n\t\r", "\"\\u000a\\u0009\\u000d\"");
    CHECK_STRING("\x01\x1f\x20\x7f", "\"\\u0001\\u001f \\u007f\"");
    /* C1, which a terminal may take a command of */
    CHECK_STRING("\xc2\x80\xc2\x9b\xc2\x9f", "\"\\u0080\\u009b\\u009f\"");
}

/* One of each length, the first and the last of their ranges. */
static void keeps_utf8(void)
{
    CHECK_STRING("\xc2\xa0\xdf\xbf", "\"\xc2\xa0\xdf\xbf\"");
    CHECK_STRING("\xe0\xa0\x80\xef\xbf\xbf", "\"\xe0\xa0\x80\xef\xbf\xbf\"");
    CHECK_STRING("\xed\x9f\xbf", "\"\xed\x9f\xbf\"");
    CHECK_STRING("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
}

#define BAD "\\ufffd"

/* Every byte that is in no sequence is replaced, and those around it are not. */
static void replaces_what_is_not_utf8(void)
{
    CHECK_STRING("a\x80z", "\"a" BAD "z\"");                     /* a continuation alone */
    CHECK_STRING("a\xffz", "\"a" BAD "z\"");                     /* never in UTF-8 */
    CHECK_STRING("\xc0\x80", "\"" BAD BAD "\"");                 /* too long for NUL */
    CHECK_STRING("\xc1\xbf", "\"" BAD BAD "\"");                 /* too long for DEL */
    CHECK_STRING("\xe0\x9f\xbf", "\"" BAD BAD BAD "\"");         /* too long */
    CHECK_STRING("\xed\xa0\x80", "\"" BAD BAD BAD "\"");         /* a surrogate */
    CHECK_STRING("\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\""); /* above U+10FFFF */
    CHECK_STRING("\xf5\x80\x80\x80", "\"" BAD BAD BAD BAD "\"");
}

static void replaces_what_is_cut_off(void)
{
    CHECK_STRING("\xc3", "\"" BAD "\"");
    CHECK_STRING("\xe2\x82", "\"" BAD BAD "\"");
    CHECK_STRING("\xf0\x9f\x98", "\"" BAD BAD BAD "\"");
    CHECK_STRING("\xc3\"", "\"" BAD "\\\"\"");
}

/* The same string in a buffer; what has no room ends it, quotes and NUL included. */
static void quotes_in_a_buffer(void)
{
    char text[16];
    const size_t whole = sizeof "\"a\\u0001\xc2\xa0\"" - 1;
    CHECK(text_json(text, sizeof text, "a\x01\xc2\xa0") == whole);
    CHECK_TEXT(text, "\"a\\u0001\xc2\xa0\"");
    for (size_t room = 3; room <= whole + 1; room++) {
        size_t length = text_json(text, room, "a\x01\xc2\xa0");
        const size_t fits = room < 4 ? 2 : room < 10 ? 3 : room < 12 ? 9 : 11;
        CHECK(length == fits && text[length - 1] == '"' && text[length] == '\0');
    }
}

static void nests(void)
{
    char *text = NULL;
    size_t length;
    struct json json = {.out = open_memstream(&text, &length)};
    json_begin_object(&json, NULL);
    json_write_number(&json, "n", UINT64_MAX);
    json_write_hex(&json, "h", UINT64_MAX);
    json_begin_array(&json, "empty");
    json_end_array(&json);
    json_begin_array(&json, "list");
    json_write_bool(&json, NULL, true);
    json_write_null(&json, NULL);
    json_end_array(&json);
    json_write_string(&json, "a\"b", "c");
    json_end_object(&json);
    fclose(json.out);
    CHECK_TEXT(text, "{\n"
                     "  \"n\": 18446744073709551615,\n"
                     "  \"h\": \"0xffffffffffffffff\",\n"
                     "  \"empty\": [],\n"
                     "  \"list\": [\n"
                     "    true,\n"
                     "    null\n"
                     "  ],\n"
                     "  \"a\\\"b\": \"c\"\n"
                     "}\n");
    free(text);
}

const struct unit_test json_tests[] = {
    {"quotes, backslashes and control characters are escaped", escapes},
    {"UTF-8 is kept", keeps_utf8},
    {"bytes that are not UTF-8 become U+FFFD each", replaces_what_is_not_utf8},
    {"so does a sequence that is cut off", replaces_what_is_cut_off},
    {"the same in a buffer, cut between characters", quotes_in_a_buffer},
    {"commas, lines and indentation", nests},
    {NULL, NULL},
};
