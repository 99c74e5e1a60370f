/* Wide characters to a stream: fputwc(), fputws(). */
#include "stream.h"
#include <limits.h>
#include <wchar.h>

static wint_t wide_put(wchar_t wide, FILE *stream)
{
    mbstate_t state = {0};
    char bytes[MB_LEN_MAX];
    size_t size = wcrtomb(bytes, wide, &state);

    stream->orientation = stream->orientation ? stream->orientation : 1;
    if (size == (size_t)-1) {
        stream->flags |= STREAM_ERROR;
        return WEOF;
    }
    return __stream_put(stream, bytes, size) == size ? (wint_t)wide : WEOF;
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
    for (; *text; text++)
        if (wide_put(*text, stream) == WEOF)
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
