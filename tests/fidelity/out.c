#include "out.h"

#include <stdbool.h>

enum { OUT_SIZE = 1 << 20, QUOTED_MAX = 80 };

char out_bytes[OUT_SIZE];
size_t out_length;

void out_bytes_of(const char *text, size_t length)
{
    for (size_t i = 0; i < length && out_length < OUT_SIZE; i++)
        out_bytes[out_length++] = text[i];
}

static size_t text_length(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

void out_text(const char *text)
{
    out_bytes_of(text, text_length(text));
}

static void digits(uint64_t value, unsigned base)
{
    char text[24];
    size_t at = sizeof text;
    do {
        unsigned digit = (unsigned)(value % base);
        text[--at] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
        value /= base;
    } while (value != 0);
    out_bytes_of(text + at, sizeof text - at);
}

void out_decimal(int64_t value)
{
    if (value < 0)
        out_text("-");
    digits(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
}

void out_hex(uint64_t value)
{
    out_text("0x");
    digits(value, 16);
}

void out_address(uint64_t value)
{
    out_text(value == 0 ? "" : "@");
    digits(value, 16);
}

void out_quoted(const char *text)
{
    size_t length = text_length(text);
    out_text("\"");
    for (size_t i = 0; i < length && i < QUOTED_MAX; i++) {
        bool plain = text[i] >= ' ' && text[i] <= '~';
        out_bytes_of(plain ? &text[i] : "?", 1);
    }
    out_text("\" ");
    out_decimal((int64_t)length);
    out_text(" bytes ");
    out_hex(hash_bytes(HASH_START, text, length));
}

void out_end(void)
{
    out_text("\n");
}

void out_item(const char *name)
{
    out_text(name);
    out_text(": ");
}

void out_item_number(const char *name, uint64_t number)
{
    out_text(name);
    out_text(".");
    digits(number, 10);
    out_text(": ");
}

void out_item_part(const char *name, uint64_t number, const char *part)
{
    out_text(name);
    out_text(".");
    digits(number, 10);
    out_text(".");
    out_item(part);
}

void out_line_decimal(const char *name, int64_t value)
{
    out_item(name);
    out_decimal(value);
    out_end();
}

void out_line_hex(const char *name, uint64_t value)
{
    out_item(name);
    out_hex(value);
    out_end();
}

void out_line_address(const char *name, uint64_t value)
{
    out_item(name);
    out_address(value);
    out_end();
}

void out_line_text(const char *name, const char *text)
{
    out_item(name);
    out_text(text);
    out_end();
}

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * 0x100000001b3ul;
    return hash;
}
