#include "text.h"

#include "../inspect/utf8.h"

#include <stdint.h>
#include <string.h>

/* Where text goes: what does not fit is dropped. */
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

static void put_text(struct sink *sink, const char *text)
{
    size_t length = strlen(text);
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

static size_t format_all(char *to, size_t room, size_t longest, const char *format, va_list list)
{
    struct sink sink = {to, to + room - 1, longest};
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
            put_text(&sink, va_arg(list, const char *));
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

size_t text_vformat(char *to, size_t room, const char *format, va_list list)
{
    return format_all(to, room, SIZE_MAX, format, list);
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
    memmove(to, first, length); /* `first` may be what is there already */
    memcpy(to + length, then, more + 1);
    return true;
}

char *text_printable(char *text)
{
    return utf8_printable(text);
}

const char *text_brief(char to[TEXT_BRIEF], const char *name)
{
    if (strlen(name) < TEXT_BRIEF)
        return name;
    memcpy(to, name, TEXT_BRIEF - 4);
    strcpy(to + TEXT_BRIEF - 4, "...");
    return to;
}

COLD bool problem_set(struct problem *problem, const char *format, ...)
{
    va_list list, again;
    if (problem == NULL)
        return false;
    va_start(list, format);
    va_copy(again, list);
    if (text_vformat(problem->text, sizeof problem->text, format, list) == sizeof problem->text - 1)
        format_all(problem->text, sizeof problem->text, TEXT_BRIEF - 1, format, again);
    va_end(again);
    va_end(list);
    text_printable(problem->text);
    return false;
}

COLD bool problem_blame(struct problem *problem, const char *who)
{
    struct problem inner = *problem;
    char brief[TEXT_BRIEF];
    bool fits = strlen(who) + strlen(inner.text) + 2 < sizeof inner.text;
    text_format(problem->text, sizeof problem->text, "%s: %s", fits ? who : text_brief(brief, who),
                inner.text);
    text_printable(problem->text);
    return false;
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
