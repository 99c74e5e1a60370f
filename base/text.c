#include "base/text.h"

#include "base/utf8.h"

#include <string.h>

/* The destination of text; what does not fit is dropped. */
struct sink {
    char *at, *end;
    size_t longest; /* bytes of a %s; of a longer one the beginning and "..." */
};

static void put(struct sink *sink, const char *text, size_t length)
{
    size_t room = (size_t)(sink->end - sink->at);
    if (length > room)
        length = room;
    memcpy(sink->at, text, length);
    sink->at += length;
}

static void put_text(struct sink *sink, const char *text, size_t precision)
{
    size_t length = 0;
    while (length < precision && text[length] != '\0')
        length++;
    bool all = length <= sink->longest;
    put(sink, text, all ? length : sink->longest - 3);
    if (!all)
        put(sink, "...", 3);
}

static void put_number(struct sink *sink, uint64_t value, unsigned base, size_t width)
{
    char digits[64];
    size_t first = sizeof digits;
    do
        digits[--first] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    while (sizeof digits - first < width && first > 0)
        digits[--first] = '0';
    put(sink, digits + first, sizeof digits - first);
}

/* One conversion: the parts between the % and its letter. */
struct conversion {
    bool prefix; /* # */
    bool wide;   /* l or z */
    size_t width, precision;
};

/* Reads a number of the format, or the argument that a '*' stands for. */
static size_t read_size(const char **format, va_list *list)
{
    size_t size = 0;
    if (**format == '*') {
        ++*format;
        return (size_t)va_arg(*list, int);
    }
    while (**format >= '0' && **format <= '9')
        size = 10 * size + (size_t)(*(*format)++ - '0');
    return size;
}

static struct conversion read_conversion(const char **format, va_list *list)
{
    struct conversion conversion = {.precision = SIZE_MAX};
    conversion.prefix = **format == '#';
    *format += conversion.prefix;
    conversion.width = read_size(format, list);
    if (**format == '.') {
        ++*format;
        conversion.precision = read_size(format, list);
    }
    for (; **format == 'l' || **format == 'z'; ++*format)
        conversion.wide = true;
    return conversion;
}

static void put_conversion(struct sink *sink, char letter, const struct conversion *conversion,
                           va_list *list)
{
    if (letter == 's') {
        put_text(sink, va_arg(*list, const char *), conversion->precision);
    } else if (letter == 'c') {
        char character = (char)va_arg(*list, int);
        put(sink, &character, 1);
    } else if (letter == 'd') {
        int64_t value = conversion->wide ? va_arg(*list, long) : va_arg(*list, int);
        if (value < 0)
            put(sink, "-", 1);
        put_number(sink, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, conversion->width);
    } else if (letter == 'u' || letter == 'x' || letter == 'o') {
        uint64_t value = conversion->wide ? va_arg(*list, unsigned long) : va_arg(*list, unsigned);
        if (conversion->prefix)
            put(sink, "0x", 2);
        put_number(sink, value, letter == 'x' ? 16 : letter == 'o' ? 8 : 10, conversion->width);
    } else {
        put(sink, &letter, 1); /* %% */
    }
}

size_t text_vformat_brief(char *to, size_t room, size_t longest, const char *format, va_list list)
{
    struct sink sink = {to, to + room - 1, longest};
    va_list arguments;
    va_copy(arguments, list);
    for (; *format != '\0'; format++) {
        const char *plain = format;
        while (*format != '\0' && *format != '%')
            format++;
        put(&sink, plain, (size_t)(format - plain));
        if (*format == '\0')
            break;
        format++;
        struct conversion conversion = read_conversion(&format, &arguments);
        put_conversion(&sink, *format, &conversion, &arguments);
    }
    va_end(arguments);
    *sink.at = '\0';
    return (size_t)(sink.at - to);
}

size_t text_vformat(char *to, size_t room, const char *format, va_list list)
{
    return text_vformat_brief(to, room, SIZE_MAX, format, list);
}

size_t text_format(char *to, size_t room, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    size_t length = text_vformat(to, room, format, list);
    va_end(list);
    return length;
}

bool text_join(char *to, size_t room, const char *first, const char *then)
{
    size_t length = strlen(first), more = strlen(then);
    if (length >= room || more >= room - length) {
        *to = '\0';
        return false;
    }
    memmove(to, first, length);
    memcpy(to + length, then, more + 1);
    return true;
}

char *text_printable(char *text)
{
    for (char *at = text; *at != '\0';) {
        size_t length = utf8_shown(at);
        if (length == 0)
            *at++ = '?';
        else
            at += length;
    }
    return text;
}

const char *text_brief(char to[TEXT_BRIEF], const char *name)
{
    if (strlen(name) < TEXT_BRIEF)
        return name;
    memcpy(to, name, TEXT_BRIEF - 4);
    memcpy(to + TEXT_BRIEF - 4, "...", sizeof "...");
    return to;
}

bool text_list_has(const char *list, const char *separators, const char *word)
{
    size_t length = strlen(word);
    while (*list != '\0') {
        size_t part = strcspn(list, separators);
        if (part == length && memcmp(list, word, length) == 0)
            return true;
        list += part;
        list += *list != '\0';
    }
    return false;
}

char *text_decimal(char *to, uint64_t value)
{
    char digits[20];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (count > 0)
        *to++ = digits[--count];
    return to;
}

uint64_t text_parse_decimal(const char **text)
{
    uint64_t value = 0;
    while (**text == ' ')
        ++*text;
    while (**text >= '0' && **text <= '9')
        value = 10 * value + (uint64_t)(*(*text)++ - '0');
    return value;
}

/* Writes \u00XX. */
static size_t put_escape(char to[TEXT_JSON_MOST], unsigned character)
{
    to[0] = '\\';
    to[1] = 'u';
    for (size_t i = 0; i < 4; i++)
        to[2 + i] = "0123456789abcdef"[character >> (12 - 4 * i) & 15];
    return 6;
}

size_t text_json_character(char to[TEXT_JSON_MOST], const char **text)
{
    const char *at = *text;
    size_t length = utf8_length(at);
    *text += length == 0 ? 1 : length;
    if (length == 0)
        return put_escape(to, 0xfffd);
    if (utf8_control(at) >= 0)
        return put_escape(to, (unsigned)utf8_control(at));
    size_t quoted = *at == '"' || *at == '\\';
    to[0] = '\\';
    memcpy(to + quoted, at, length);
    return quoted + length;
}

size_t text_json(char *to, size_t room, const char *text)
{
    char character[TEXT_JSON_MOST];
    size_t length = 0;
    to[length++] = '"';
    while (*text != '\0') {
        size_t more = text_json_character(character, &text);
        if (length + more + sizeof "\"" > room)
            break;
        memcpy(to + length, character, more);
        length += more;
    }
    to[length++] = '"';
    to[length] = '\0';
    return length;
}
