#include "json.h"

#include "base/text.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

static void quote(struct json *json, const char *text)
{
    char character[TEXT_JSON_MOST];
    fputc('"', json->out);
    while (*text != '\0') {
        size_t length = text_json_character(character, &text);
        fwrite(character, 1, length, json->out);
    }
    fputc('"', json->out);
}

/* Writes what precedes a value: comma, newline, name. */
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

void json_begin_object(struct json *json, const char *name)
{
    open_bracket(json, name, '{');
}

void json_begin_array(struct json *json, const char *name)
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

void json_write_string(struct json *json, const char *name, const char *value)
{
    lead(json, name);
    quote(json, value);
}

void json_write_number(struct json *json, const char *name, uint64_t value)
{
    lead(json, name);
    fprintf(json->out, "%" PRIu64, value);
}

void json_write_bool(struct json *json, const char *name, bool value)
{
    lead(json, name);
    fputs(value ? "true" : "false", json->out);
}

void json_write_null(struct json *json, const char *name)
{
    lead(json, name);
    fputs("null", json->out);
}

void json_write_hex(struct json *json, const char *name, uint64_t value)
{
    lead(json, name);
    fprintf(json->out, "\"0x%" PRIx64 "\"", value);
}
