/* wcsftime(3): calls strftime() for each conversion; only a zone's name may be other than ASCII. */
#include "calendar.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Two flags (the last one of each kind counts), a width, a modifier, the conversion, a space. */
enum { DIRECTIVE_SIZE = 24 };

static int is_one_of(wchar_t c, const char *set)
{
    return c > 0 && c < 128 && strchr(set, (char)c);
}

/* Copies the conversion at `format`, from its `%` on, without parts that have no effect. Returns
 * the rest of the format, or NULL if there is no conversion. */
static const wchar_t *directive_copy(const wchar_t *format, char to[DIRECTIVE_SIZE])
{
    char pad = 0, letters = 0;
    unsigned long width = 0;

    *to++ = (char)*format++;
    for (; is_one_of(*format, "0_-+^#"); format++)
        *(is_one_of(*format, "^#") ? &letters : &pad) = (char)*format;
    for (; is_one_of(*format, "0123456789"); format++)
        width = width > INT_MAX / 10 ? INT_MAX : width * 10 + (unsigned long)(*format - '0');
    if (pad)
        *to++ = pad;
    if (letters)
        *to++ = letters;
    if (width) {
        char digits[12];
        int count = 0;
        for (; width; width /= 10)
            digits[count++] = (char)('0' + width % 10);
        while (count)
            *to++ = digits[--count];
    }
    if (is_one_of(*format, "EO") && format[1])
        *to++ = (char)*format++;
    if (*format <= 0 || *format > 127)
        return NULL;
    *to++ = (char)*format++;
    /* the space distinguishes an empty text from one that does not fit */
    *to++ = ' ';
    *to = 0;
    return format;
}

/* The text of a conversion without the added space, in `room` or in allocated memory; NULL: the
 * text does not fit into `left` characters, or there is no memory. */
static char *directive_text(const char *directive, const struct tm *fields, char *room,
                            size_t room_size, size_t left)
{
    for (size_t size = room_size;; size *= 2) {
        char *text = size == room_size ? room : malloc(size);
        size_t count = text ? strftime(text, size, directive, fields) : 0;
        if (count) {
            text[count - 1] = 0;
            return text;
        }
        if (text != room)
            free(text);
        if (!text || size / MB_LEN_MAX > left || size > SIZE_MAX / 2)
            return NULL;
    }
}

/* Appends a text, decoded in the thread's locale. 0 if the text is invalid, or does not fit. */
static int append(wchar_t *to, size_t size, size_t *length, const char *text)
{
    mbstate_t state = {0};
    size_t count;

    for (; *text; text += count) {
        if (*length >= size)
            return 0;
        count = mbrtowc(&to[*length], text, MB_LEN_MAX, &state);
        if (count > MB_LEN_MAX) /* an error */
            return 0;
        ++*length;
    }
    return 1;
}

size_t wcsftime(wchar_t *restrict to, size_t size, const wchar_t *restrict format,
                const struct tm *restrict fields)
{
    enum { TEXT_SIZE = 256 };
    size_t length = 0;

    while (*format && length < size) {
        char directive[DIRECTIVE_SIZE], room[TEXT_SIZE];
        const wchar_t *next = *format == '%' ? directive_copy(format, directive) : NULL;
        if (!next) {
            to[length++] = *format++;
            continue;
        }
        char *text = directive_text(directive, fields, room, sizeof room, size - length);
        int fits = text && append(to, size, &length, text);
        if (text != room)
            free(text);
        if (!fits)
            return 0;
        format = next;
    }
    if (length >= size)
        return 0;
    to[length] = 0;
    return length;
}

size_t wcsftime_l(wchar_t *restrict to, size_t size, const wchar_t *restrict format,
                  const struct tm *restrict fields, locale_t locale)
{
    (void)locale;
    return wcsftime(to, size, format, fields);
}
