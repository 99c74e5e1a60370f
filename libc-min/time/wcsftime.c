/* wcsftime(3): each conversion is strftime()'s, whose text is ASCII but for a zone's name. */
#include "calendar.h"
#include <string.h>
#include <wchar.h>

/* Copies the conversion at `format`, from its `%` on, of at most `size` - 1 characters. Answers
 * with what follows it, or NULL if none is that long. */
static const wchar_t *directive_copy(const wchar_t *format, char *to, size_t size)
{
    int ended = 0;

    *to++ = (char)*format++;
    for (size_t i = 2; i < size - 1 && *format && !ended; i++) {
        wchar_t c = *format++;
        ended = c < 1 || c > 127 || !strchr("0123456789_-+^#EO", (char)c);
        *to++ = c < 1 || c > 127 ? '?' : (char)c;
    }
    *to = 0;
    return ended ? format : NULL;
}

size_t wcsftime(wchar_t *restrict to, size_t size, const wchar_t *restrict format,
                const struct tm *restrict fields)
{
    enum { DIRECTIVE_SIZE = 32, TEXT_SIZE = 1024 };
    size_t length = 0;

    while (*format && length < size) {
        char directive[DIRECTIVE_SIZE], text[TEXT_SIZE];
        const wchar_t *next = *format == '%' ? directive_copy(format, directive, sizeof directive)
                                             : NULL;
        if (!next) {
            to[length++] = *format++;
            continue;
        }
        /* a text of no characters is told from one that did not fit by the space behind it */
        strcat(directive, " ");
        size_t count = strftime(text, sizeof text, directive, fields);
        if (count == 0)
            return 0;
        for (size_t i = 0; i < count - 1 && length < size; i++)
            to[length++] = (unsigned char)text[i];
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
