/* printf's characters and strings, bytes and wide, as bytes: c, s, C, S. For wprintf see
 * format_text_wide.c. */
#include "format.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

int __format_string(struct sink *sink, const struct conversion *conversion, const char *text)
{
    const char *end;
    size_t size;

    if (!text)
        text = "(null)";
    if (conversion->precision < 0)
        return sink_put_field(sink, conversion, text, strlen(text));
    size = (size_t)conversion->precision;
    end = memchr(text, 0, size);
    return sink_put_field(sink, conversion, text, end ? (size_t)(end - text) : size);
}

/* Writes whole characters only, at most `limit` bytes. Without `sink`, only counts. */
static size_t wide_put(struct sink *sink, const wchar_t *text, size_t limit)
{
    char bytes[16]; /* MB_LEN_MAX, and at least what sink_put() copies at once */
    size_t total = 0, size;

    for (; total < limit && *text; total += size) {
        size = wcrtomb(bytes, *text++, NULL);
        if (size == (size_t)-1)
            return size;
        if (size > limit - total)
            break;
        if (sink)
            sink_put(sink, bytes, size);
    }
    return total;
}

int __format_wide(struct sink *sink, const struct conversion *conversion, const wchar_t *text)
{
    size_t limit = conversion->precision < 0 ? INT_MAX : (size_t)conversion->precision, size;
    int padding = 0;

    if (!text)
        text = L"(null)";
    size = wide_put(NULL, text, limit);
    if (size == (size_t)-1)
        return -1;
    if (format_too_long(sink, size > (size_t)conversion->width ? size : (size_t)conversion->width))
        return format_fail(EOVERFLOW);
    if (conversion->width > (int)size)
        padding = conversion->width - (int)size;
    if (!(conversion->flags & FORMAT_LEFT))
        sink_fill(sink, ' ', padding);
    wide_put(sink, text, limit);
    if (conversion->flags & FORMAT_LEFT)
        sink_fill(sink, ' ', padding);
    return 0;
}

int __format_character(struct sink *sink, const struct conversion *conversion, int value)
{
    char bytes[16] = {(char)value};
    size_t size = 1;

    if (conversion->letter == 'C' || conversion->length == 'l') {
        size = wcrtomb(bytes, (wchar_t)value, NULL);
        if (size == (size_t)-1)
            return -1;
        size -= !value; /* C17 7.21.6.1p8: it is a string of one wide character */
    }
    return sink_put_field(sink, conversion, bytes, size);
}
