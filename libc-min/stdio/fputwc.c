/* Wide characters to a stream: fputwc(), fputws(). */
#include "libc-min/wchar/multibyte.h"
#include "stream.h"
#include <errno.h>
#include <wchar.h>

/* Converts in pieces, so that a stream without a buffer writes many characters in one call. */
int __stream_put_wide(FILE *stream, const wchar_t *text, size_t size)
{
    char bytes[256];
    size_t used = 0, step = 0;

    for (; size && step != (size_t)-1; text++, size--) {
        if (used > sizeof bytes - UTF8_MAX) {
            if (__stream_put(stream, bytes, used) != used)
                return EOF;
            used = 0;
        }
        step = __multibyte_encode(bytes + used, *text, stream->encoding == ENCODING_UTF8);
        if (step != (size_t)-1)
            used += step;
    }
    if (used && __stream_put(stream, bytes, used) != used)
        return EOF;
    if (step != (size_t)-1)
        return 0;
    stream->flags |= STREAM_ERROR;
    errno = EILSEQ;
    return EOF;
}

static wint_t wide_put(wchar_t wide, FILE *stream)
{
    stream_bind(stream);
    if (LIKELY((unsigned)wide < 0x80))
        return stream_putc(stream, (int)wide) == EOF ? WEOF : (wint_t)wide;
    return __stream_put_wide(stream, &wide, 1) ? WEOF : (wint_t)wide;
}

wint_t fputwc(wchar_t wide, FILE *stream)
{
    int held = stream_enter(stream);
    wint_t result = wide_put(wide, stream);

    stream_leave(stream, held);
    return result;
}

ALIAS(fputwc, putwc);
WEAK_ALIAS(wide_put, fputwc_unlocked);
WEAK_ALIAS(wide_put, putwc_unlocked);

static int wide_text(const wchar_t *restrict text, FILE *restrict stream)
{
    stream_bind(stream);
    return __stream_put_wide(stream, text, wcslen(text)) ? -1 : 0;
}

int fputws(const wchar_t *restrict text, FILE *restrict stream)
{
    int held = stream_enter(stream), status = wide_text(text, stream);

    stream_leave(stream, held);
    return status;
}

WEAK_ALIAS(wide_text, fputws_unlocked);
