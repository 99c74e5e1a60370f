/* setvbuf() and the functions that are based on it. */
#include "stream.h"
#include <errno.h>
#include <stdlib.h>

/* Sets another buffer, or none. ungetc() gets STREAM_PUSHBACK bytes of a buffer of the program's.
 */
static int buffer_change(FILE *stream, char *buffer, int mode, size_t size)
{
    unsigned char *memory = mode == _IONBF ? stream->small : (unsigned char *)buffer;
    unsigned own = 0;

    if (stream->read != stream->read_end) { /* data of a pipe, which cannot be returned */
        errno = EBUSY;
        return -1;
    }
    if (!memory) {
        size = STREAM_PUSHBACK + STREAM_BUFFER;
        memory = malloc(size);
        own = STREAM_OWN_BUFFER;
    }
    if (!memory)
        return -1;
    if (stream->flags & STREAM_OWN_BUFFER)
        free(stream->buffer - STREAM_PUSHBACK);
    stream->flags = (stream->flags & ~(unsigned)STREAM_OWN_BUFFER) | own;
    stream->buffer = memory + STREAM_PUSHBACK;
    stream->size = mode == _IONBF ? 0 : size - STREAM_PUSHBACK;
    stream->read = stream->read_end = NULL;
    return 0;
}

/* -1, with nothing changed, if the buffered data cannot be written. */
static int buffering_change(FILE *stream, char *buffer, int mode, size_t size)
{
    if (__stream_sync_written(stream))
        return -1;
    if (size <= STREAM_PUSHBACK)
        buffer = NULL;
    if ((mode == _IONBF ? stream->size != 0 : buffer || !stream->size) &&
        buffer_change(stream, buffer, mode, size))
        return -1;
    stream->flags &= ~(unsigned)(STREAM_LINE | STREAM_UNDECIDED);
    stream->flags |= STREAM_CHOSEN | (mode == _IOLBF ? STREAM_LINE : 0);
    return 0;
}

/* A buffer that is too small is not used. POSIX: without a buffer, the size is only a hint. */
int setvbuf(FILE *restrict stream, char *restrict buffer, int mode, size_t size)
{
    int held, status;

    if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF) {
        errno = EINVAL;
        return -1;
    }
    held = stream_enter(stream);
    status = buffering_change(stream, buffer, mode, size);
    stream_leave(stream, held);
    return status;
}

void setbuf(FILE *restrict stream, char *restrict buffer)
{
    setvbuf(stream, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}
