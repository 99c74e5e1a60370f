/* Wide characters from a stream: fgetwc(), fgetws(), ungetwc(). In the file they are multibyte. */
#include "stream.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>

static wint_t wide_get(FILE *stream)
{
    mbstate_t state = {0};
    wchar_t wide;
    size_t size;
    char narrow;
    int byte, first = 1;

    stream->orientation = stream->orientation ? stream->orientation : 1;
    for (;; first = 0) {
        byte = stream_getc(stream);
        if (byte == EOF) {
            if (!first) { /* the file ends within a character */
                errno = EILSEQ;
                stream->flags |= STREAM_ERROR;
            }
            return WEOF;
        }
        narrow = (char)byte;
        size = mbrtowc(&wide, &narrow, 1, &state);
        if (size == (size_t)-1) {
            stream->flags |= STREAM_ERROR;
            if (!first)
                stream->read--; /* it may begin the next one */
            return WEOF;
        }
        if (size != (size_t)-2)
            return (wint_t)wide;
    }
}

wint_t fgetwc(FILE *stream)
{
    int held = stream_enter(stream);
    wint_t wide = wide_get(stream);

    stream_leave(stream, held);
    return wide;
}

ALIAS(fgetwc, getwc);
WEAK_ALIAS(wide_get, fgetwc_unlocked);
WEAK_ALIAS(wide_get, getwc_unlocked);

static wchar_t *wide_line(wchar_t *restrict line, int size, FILE *restrict stream)
{
    wchar_t *next = line;
    unsigned earlier;
    wint_t wide = 0;

    if (size <= 0)
        return NULL;
    earlier = stream->flags & STREAM_ERROR;
    stream->flags &= ~(unsigned)STREAM_ERROR;
    while (wide != L'\n' && --size) {
        wide = wide_get(stream);
        if (wide == WEOF)
            break;
        *next++ = (wchar_t)wide;
    }
    /* a file that ends within a character has both its end and an error */
    if (wide == WEOF && (next == line || (stream->flags & STREAM_ERROR)))
        line = NULL;
    else
        *next = 0;
    stream->flags |= earlier;
    return line;
}

wchar_t *fgetws(wchar_t *restrict line, int size, FILE *restrict stream)
{
    int held = stream_enter(stream);

    line = wide_line(line, size, stream);
    stream_leave(stream, held);
    return line;
}

WEAK_ALIAS(wide_line, fgetws_unlocked);

wint_t ungetwc(wint_t wide, FILE *stream)
{
    mbstate_t state = {0};
    char bytes[MB_LEN_MAX];
    size_t size;
    int held;

    if (wide == WEOF || (size = wcrtomb(bytes, (wchar_t)wide, &state)) == (size_t)-1)
        return WEOF;
    held = stream_enter(stream);
    stream->orientation = stream->orientation ? stream->orientation : 1;
    if ((!stream->read && __stream_to_read(stream)) ||
        size > (size_t)(stream->read - (stream->buffer - STREAM_PUSHBACK))) {
        wide = WEOF; /* all of it or nothing */
    } else {
        stream->read -= size;
        memcpy(stream->read, bytes, size);
        stream->flags &= ~(unsigned)STREAM_EOF;
    }
    stream_leave(stream, held);
    return wide;
}
