#include "text.h"

#include <stdint.h>
#include <string.h>

/* Where text goes: what does not fit is dropped. */
struct sink {
    char *at, *end;
};

static void put(struct sink *sink, const char *text, size_t length)
{
    size_t room = (size_t)(sink->end - sink->at);
    if (length > room)
        length = room;
    memcpy(sink->at, text, length);
    sink->at += length;
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

size_t text_vformat(char *to, size_t room, const char *format, va_list list)
{
    struct sink sink = {to, to + room - 1};
    for (; *format != '\0'; format++) {
        const char *plain = format;
        while (*format != '\0' && *format != '%')
            format++;
        put(&sink, plain, (size_t)(format - plain));
        if (*format == '\0')
            break;
        bool prefix = *++format == '#';
        format += prefix;
        size_t width = 0;
        while (*format >= '0' && *format <= '9')
            width = 10 * width + (size_t)(*format++ - '0');
        bool wide = *format == 'l' || *format == 'z';
        format += wide;
        if (*format == 's') {
            const char *text = va_arg(list, const char *);
            put(&sink, text, strlen(text));
        } else if (*format == 'c') {
            char character = (char)va_arg(list, int);
            put(&sink, &character, 1);
        } else if (*format == 'd') {
            int64_t value = wide ? va_arg(list, long) : va_arg(list, int);
            if (value < 0)
                put(&sink, "-", 1);
            put_number(&sink, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, width);
        } else if (*format == 'u' || *format == 'x') {
            uint64_t value = wide ? va_arg(list, unsigned long) : va_arg(list, unsigned);
            if (prefix)
                put(&sink, "0x", 2);
            put_number(&sink, value, *format == 'x' ? 16 : 10, width);
        } else {
            put(&sink, format, 1); /* %% */
        }
    }
    *sink.at = '\0';
    return (size_t)(sink.at - to);
}

size_t text_format(char *to, size_t room, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    size_t length = text_vformat(to, room, format, list);
    va_end(list);
    return length;
}

/* Names come from files: a byte that would break the line, or move a cursor, becomes '?'. */
static void printable(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
}

bool problem_set(struct problem *problem, const char *format, ...)
{
    va_list list;
    if (problem == NULL)
        return false;
    va_start(list, format);
    text_vformat(problem->text, sizeof problem->text, format, list);
    va_end(list);
    printable(problem->text);
    return false;
}

bool problem_blame(struct problem *problem, const char *who)
{
    struct problem inner = *problem;
    return problem_set(problem, "%s: %s", who, inner.text);
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
