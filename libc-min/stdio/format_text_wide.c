/* wprintf's characters and strings, bytes and wide, as wide characters: c, s, C, S. Widths and
 * precisions count wide characters (C17 7.29.2.1). */
#define WIDE
#include "format.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <wchar.h>

/* Writes at most `limit` characters of multibyte text. Without `sink`, only counts; (size_t)-1 with
 * EILSEQ. */
static size_t multibyte_put(struct sink *sink, const char *text, size_t limit)
{
    mbstate_t state = {0};
    size_t count = 0, step;
    wchar_t wide;

    for (; count < limit; count++, text += step) {
        step = mbrtowc(&wide, text, MB_LEN_MAX, &state);
        if (!step)
            break;
        if (step > MB_LEN_MAX) {
            errno = EILSEQ;
            return (size_t)-1;
        }
        if (sink)
            sink_put(sink, &wide, 1);
    }
    return count;
}

int __format_string(struct sink *sink, const struct conversion *conversion, const char *text)
{
    size_t limit = conversion->precision < 0 ? INT_MAX : (size_t)conversion->precision, count;
    int padding = 0;

    if (!text)
        text = "(null)";
    count = multibyte_put(NULL, text, limit);
    if (count == (size_t)-1)
        return -1;
    if (format_too_long(sink,
                        count > (size_t)conversion->width ? count : (size_t)conversion->width))
        return format_fail(EOVERFLOW);
    if (conversion->width > (int)count)
        padding = conversion->width - (int)count;
    if (!(conversion->flags & FORMAT_LEFT))
        sink_fill(sink, ' ', padding);
    multibyte_put(sink, text, limit);
    if (conversion->flags & FORMAT_LEFT)
        sink_fill(sink, ' ', padding);
    return 0;
}

int __format_wide(struct sink *sink, const struct conversion *conversion, const wchar_t *text)
{
    if (!text)
        text = L"(null)";
    return sink_put_field(sink, conversion, text,
                          conversion->precision < 0 ? wcslen(text)
                                                    : wcsnlen(text, (size_t)conversion->precision));
}

/* btowc() converts the byte. */
int __format_character(struct sink *sink, const struct conversion *conversion, int value)
{
    wchar_t wide = value;

    if (conversion->letter == 'c' && conversion->length != 'l') {
        wint_t made = btowc((unsigned char)value);

        if (made == WEOF)
            return format_fail(EILSEQ);
        wide = (wchar_t)made;
    }
    return sink_put_field(sink, conversion, &wide, 1);
}
