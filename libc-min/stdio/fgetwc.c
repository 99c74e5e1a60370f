/* Wide characters from a stream: fgetwc(), fgetws(), ungetwc(). The file has multibyte characters.
 */
#include "libc-min/wchar/multibyte.h"
#include "stream.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>

/* Reads the rest of a character of several bytes; WEOF if the bytes are no character. */
static wint_t wide_get_rest(FILE *stream, int byte)
{
    mbstate_t state = {0};
    wchar_t wide;
    size_t size;
    char narrow = (char)byte;
    int first = 1;

    for (;; first = 0) {
        size = __multibyte_decode(&wide, &narrow, 1, &state, stream->encoding == ENCODING_UTF8);
        if (size == (size_t)-1) {
            stream->flags |= STREAM_ERROR;
            if (!first)
                stream->read--; /* it may begin the next character */
            return WEOF;
        }
        if (size != (size_t)-2)
            return (wint_t)wide;
        byte = stream_getc(stream);
        if (byte == EOF) { /* the file ends within a character */
            errno = EILSEQ;
            stream->flags |= STREAM_ERROR;
            return WEOF;
        }
        narrow = (char)byte;
    }
}

wint_t __stream_get_wide(FILE *stream)
{
    int byte = stream_getc(stream);

    return LIKELY(byte < 0x80) ? (wint_t)byte : wide_get_rest(stream, byte); /* EOF is WEOF */
}

static wint_t wide_get(FILE *stream)
{
    stream_bind(stream);
    return __stream_get_wide(stream);
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
    stream_bind(stream);
    earlier = stream->flags & STREAM_ERROR;
    stream->flags &= ~(unsigned)STREAM_ERROR;
    while (wide != L'\n' && --size) {
        wide = __stream_get_wide(stream);
        if (wide == WEOF)
            break;
        *next++ = (wchar_t)wide;
    }
    /* at a file's end within a character, the stream has both the end and the error flag */
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

int __stream_unget_wide(FILE *stream, wchar_t wide)
{
    char bytes[MB_LEN_MAX];
    size_t size = __multibyte_encode(bytes, wide, stream->encoding == ENCODING_UTF8);

    if (size == (size_t)-1 || (!stream->read && __stream_to_read(stream)) ||
        size > (size_t)(stream->read - (stream->buffer - STREAM_PUSHBACK)))
        return EOF;
    stream->read -= size;
    memcpy(stream->read, bytes, size);
    stream->flags &= ~(unsigned)STREAM_EOF;
    return 0;
}

wint_t ungetwc(wint_t wide, FILE *stream)
{
    int held;

    if (wide == WEOF)
        return WEOF;
    held = stream_enter(stream);
    stream_bind(stream);
    if (__stream_unget_wide(stream, (wchar_t)wide))
        wide = WEOF;
    stream_leave(stream, held);
    return wide;
}
