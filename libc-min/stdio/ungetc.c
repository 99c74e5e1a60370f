#include "stream.h"

/* STREAM_PUSHBACK bytes lie before the buffer, so that as many always fit. */
int ungetc(int byte, FILE *stream)
{
    int held;

    if (byte == EOF)
        return EOF;
    held = stream_enter(stream);
    if ((!stream->read && __stream_to_read(stream)) ||
        stream->read <= stream->buffer - STREAM_PUSHBACK) {
        stream_leave(stream, held);
        return EOF;
    }
    *--stream->read = (unsigned char)byte;
    stream->flags &= ~(unsigned)STREAM_EOF;
    stream_leave(stream, held);
    return (unsigned char)byte;
}
