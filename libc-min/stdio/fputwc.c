/* Wide characters to a stream: fputwc(), fputws(). */
#include "../multibyte/multibyte.h"
#include "stream.h"
#include <limits.h>
#include <wchar.h>

wint_t __stream_put_wide(FILE *stream, wchar_t wide)
{
    char bytes[MB_LEN_MAX];
    size_t size;

    if (LIKELY((unsigned)wide < 0x80))
        return stream_putc(stream, (int)wide) == EOF ? WEOF : (wint_t)wide;
    size = __multibyte_encode(bytes, wide, stream->encoding == ENCODING_UTF8);
    if (size == (size_t)-1) {
        stream->flags |= STREAM_ERROR;
        return WEOF;
    }
    return __stream_put(stream, bytes, size) == size ? (wint_t)wide : WEOF;
}

static wint_t wide_put(wchar_t wide, FILE *stream)
{
    stream_bind(stream);
    return __stream_put_wide(stream, wide);
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
    for (; *text; text++)
        if (__stream_put_wide(stream, *text) == WEOF)
            return -1;
    return 0;
}

int fputws(const wchar_t *restrict text, FILE *restrict stream)
{
    int held = stream_enter(stream), status = wide_text(text, stream);

    stream_leave(stream, held);
    return status;
}

WEAK_ALIAS(wide_text, fputws_unlocked);
