#include "json.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* Length of the UTF-8 sequence at `s` (RFC 3629), 0 if it is none. */
static size_t sequence(const unsigned char *s)
{
    static const struct {
        unsigned char low, high, second_low, second_high;
        size_t length;
    } forms[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (s[0] < forms[i].low || s[0] > forms[i].high)
            continue;
        if (forms[i].length > 1 && (s[1] < forms[i].second_low || s[1] > forms[i].second_high))
            return 0;
        for (size_t j = 2; j < forms[i].length; j++) {
            if ((s[j] & 0xc0) != 0x80)
                return 0;
        }
        return forms[i].length;
    }
    return 0;
}

/* The next character of *text as it is written in a string, and past it.  Returns
 * the length. */
static int next_character(const char **text, char written[8])
{
    const unsigned char *s = (const unsigned char *)*text;
    size_t length = sequence(s);
    *text += length == 0 ? 1 : length;
    if (length == 0)
        return sprintf(written, "\\ufffd");
    if (*s == '"' || *s == '\\')
        return sprintf(written, "\\%c", *s);
    if (*s < 0x20)
        return sprintf(written, "\\u%04x", *s);
    return sprintf(written, "%.*s", (int)length, (const char *)s);
}

static void quote(struct json *json, const char *text)
{
    char written[8];
    fputc('"', json->out);
    while (*text != '\0') {
        int length = next_character(&text, written);
        fwrite(written, 1, (size_t)length, json->out);
    }
    fputc('"', json->out);
}

size_t json_quote(const char *text, char *to, size_t room)
{
    char written[8];
    size_t length = 0;
    to[length++] = '"';
    while (*text != '\0') {
        size_t more = (size_t)next_character(&text, written);
        if (length + more + sizeof "\"" > room)
            break;
        memcpy(to + length, written, more);
        length += more;
    }
    to[length++] = '"';
    to[length] = '\0';
    return length;
}

/* What goes before a value: comma, line, name. */
static void lead(struct json *json, const char *name)
{
    if (json->depth > 0)
        fprintf(json->out, "%s\n%*s", json->first ? "" : ",", 2 * json->depth, "");
    json->first = false;
    if (name != NULL) {
        quote(json, name);
        fputs(": ", json->out);
    }
}

static void open_bracket(struct json *json, const char *name, char bracket)
{
    lead(json, name);
    fputc(bracket, json->out);
    json->depth++;
    json->first = true;
}

static void close_bracket(struct json *json, char bracket)
{
    json->depth--;
    if (!json->first)
        fprintf(json->out, "\n%*s", 2 * json->depth, "");
    fputc(bracket, json->out);
    json->first = false;
    if (json->depth == 0)
        fputc('\n', json->out);
}

void json_object(struct json *json, const char *name)
{
    open_bracket(json, name, '{');
}

void json_array(struct json *json, const char *name)
{
    open_bracket(json, name, '[');
}

void json_end_object(struct json *json)
{
    close_bracket(json, '}');
}

void json_end_array(struct json *json)
{
    close_bracket(json, ']');
}

void json_string(struct json *json, const char *name, const char *value)
{
    lead(json, name);
    quote(json, value);
}

void json_number(struct json *json, const char *name, uint64_t value)
{
    lead(json, name);
    fprintf(json->out, "%" PRIu64, value);
}

void json_bool(struct json *json, const char *name, bool value)
{
    lead(json, name);
    fputs(value ? "true" : "false", json->out);
}

void json_null(struct json *json, const char *name)
{
    lead(json, name);
    fputs("null", json->out);
}

void json_hex(struct json *json, const char *name, uint64_t value)
{
    lead(json, name);
    fprintf(json->out, "\"0x%" PRIx64 "\"", value);
}
