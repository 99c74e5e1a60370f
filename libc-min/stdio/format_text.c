/* printf's characters and strings, bytes and wide: c, s, C, S. */
#include "format.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

/* Text of `size` bytes in a field. */
static int field_put(struct sink *sink, const struct conversion *conversion, const char *text,
                     size_t size)
{
    int padding = 0;

    if (format_too_long(sink, size > (size_t)conversion->width ? size : (size_t)conversion->width))
        return format_fail(EOVERFLOW);
    if (conversion->width > (int)size)
        padding = conversion->width - (int)size;
    if (!(conversion->flags & FORMAT_LEFT))
        sink_fill(sink, ' ', padding);
    sink_put(sink, text, size);
    if (conversion->flags & FORMAT_LEFT)
        sink_fill(sink, ' ', padding);
    return 0;
}

/* Bytes in a field that is filled up by the characters they are. */
static int characters_put(struct sink *sink, const struct conversion *conversion, const char *text,
                          size_t size, size_t characters)
{
    struct conversion field = *conversion;

    if (size > INT_MAX)
        return format_fail(EOVERFLOW);
    if (field.width > (int)characters)
        field.width += (int)(size - characters);
    return field_put(sink, &field, text, size);
}

/* For wprintf(): `limit` characters of multibyte text. */
static int format_multibyte(struct sink *sink, const struct conversion *conversion,
                            const char *text, size_t limit)
{
    mbstate_t state = {0};
    size_t size = 0, characters = 0, step;

    for (; characters < limit; characters++, size += step) {
        step = mbrtowc(NULL, text + size, MB_LEN_MAX, &state);
        if (!step)
            break;
        if (step > MB_LEN_MAX)
            return format_fail(EILSEQ);
    }
    return characters_put(sink, conversion, text, size, characters);
}

int __format_string(struct sink *sink, const struct conversion *conversion, const char *text)
{
    const char *end;
    size_t size;

    if (!text)
        text = "(null)";
    if (UNLIKELY(sink->wide))
        return format_multibyte(sink, conversion, text,
                                conversion->precision < 0 ? SIZE_MAX
                                                          : (size_t)conversion->precision);
    if (conversion->precision < 0)
        return field_put(sink, conversion, text, strlen(text));
    size = (size_t)conversion->precision;
    end = memchr(text, 0, size);
    return field_put(sink, conversion, text, end ? (size_t)(end - text) : size);
}

/* Whole characters only: the limit is in bytes, or in characters for wprintf(). Without `sink`,
 * measures. */
static size_t wide_put(struct sink *sink, const wchar_t *text, size_t limit, int wide,
                       size_t *characters)
{
    mbstate_t state = {0};
    char bytes[16]; /* MB_LEN_MAX, and no less than sink_put() copies in one way */
    size_t total = 0, size;

    for (*characters = 0; total < limit; ++*characters, total += size) {
        if (!*text)
            break;
        size = wcrtomb(bytes, *text++, &state);
        if (size == (size_t)-1)
            return size;
        if (!wide && size > limit - total)
            break;
        if (sink)
            sink_put(sink, bytes, size);
        if (wide)
            limit += size - 1; /* as many bytes as characters are let through */
    }
    return total;
}

int __format_wide(struct sink *sink, const struct conversion *conversion, const wchar_t *text)
{
    size_t limit = conversion->precision < 0 ? INT_MAX : (size_t)conversion->precision, size;
    size_t characters;
    int padding = 0, filled;

    if (!text)
        text = L"(null)";
    size = wide_put(NULL, text, limit, sink->wide, &characters);
    if (size == (size_t)-1)
        return -1;
    if (format_too_long(sink, size > (size_t)conversion->width ? size : (size_t)conversion->width))
        return format_fail(EOVERFLOW);
    filled = sink->wide ? (int)characters : (int)size;
    if (conversion->width > filled)
        padding = conversion->width - filled;
    if (!(conversion->flags & FORMAT_LEFT))
        sink_fill(sink, ' ', padding);
    wide_put(sink, text, limit, sink->wide, &characters);
    if (conversion->flags & FORMAT_LEFT)
        sink_fill(sink, ' ', padding);
    return 0;
}

int __format_character(struct sink *sink, const struct conversion *conversion, int value)
{
    mbstate_t state = {0};
    char bytes[16] = {(char)value};
    size_t size = 1;

    if (conversion->letter == 'C' || conversion->length == 'l') {
        size = wcrtomb(bytes, (wchar_t)value, &state);
        if (size == (size_t)-1)
            return -1;
    }
    return characters_put(sink, conversion, bytes, size, sink->wide ? 1 : size);
}
