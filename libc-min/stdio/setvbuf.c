/* Buffering by the program's wish: setvbuf() and what is made of it. */
#include "stream.h"
#include <errno.h>
#include <stdlib.h>

/* A buffer of the program's gives STREAM_PUSHBACK bytes to ungetc(); one too small for that is not
 * used.  POSIX: the size asked for without a buffer is a wish. */
int setvbuf(FILE *restrict stream, char *restrict buffer, int mode, size_t size)
{
    unsigned char *memory;
    int held;

    if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF) {
        errno = EINVAL;
        return -1;
    }
    held = stream_enter(stream);
    __stream_sync(stream);
    if (stream->read == stream->read_end && stream->write == stream->write_start) {
        stream->read = stream->read_end = NULL;
        stream->write = stream->write_start = stream->write_limit = NULL;
        if (mode == _IONBF || (buffer && size > STREAM_PUSHBACK)) {
            if (stream->flags & STREAM_OWN_BUFFER)
                free(stream->buffer - STREAM_PUSHBACK);
            stream->flags &= ~(unsigned)STREAM_OWN_BUFFER;
            stream->buffer = (mode == _IONBF ? stream->small : (unsigned char *)buffer);
            stream->buffer += STREAM_PUSHBACK;
            stream->size = mode == _IONBF ? 0 : size - STREAM_PUSHBACK;
        } else if (!stream->size && (memory = malloc(STREAM_PUSHBACK + STREAM_BUFFER))) {
            stream->flags |= STREAM_OWN_BUFFER;
            stream->buffer = memory + STREAM_PUSHBACK;
            stream->size = STREAM_BUFFER;
        }
    }
    stream->flags &= ~(unsigned)(STREAM_LINE | STREAM_UNDECIDED);
    if (mode == _IOLBF)
        stream->flags |= STREAM_LINE;
    stream_leave(stream, held);
    return 0;
}

void setbuf(FILE *restrict stream, char *restrict buffer)
{
    setvbuf(stream, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}
