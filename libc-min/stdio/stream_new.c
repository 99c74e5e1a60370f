/* Creation and end of streams. In a file of its own, so that a program that only uses stdout links
 * no allocator. */
#include "stream.h"
#include "syscall.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

FILE *__stream_new(unsigned flags)
{
    FILE *stream = malloc(sizeof *stream + STREAM_PUSHBACK + STREAM_BUFFER);

    if (!stream)
        return NULL;
    memset(stream, 0, sizeof *stream);
    stream->buffer = (unsigned char *)(stream + 1) + STREAM_PUSHBACK;
    stream->size = STREAM_BUFFER;
    stream->descriptor = -1;
    stream->flags = flags;
    __stream_link(stream);
    return stream;
}

/* A thread that waited for the lock then finds a stream that has no data and refuses all
 * operations. */
static void become_inert(FILE *stream)
{
    stream->read = stream->read_end = NULL;
    stream->write = stream->write_start = stream->write_limit = NULL;
    stream->buffer = NULL;
    stream->size = 0;
    stream->operations = NULL;
    stream->cookie = NULL;
    stream->descriptor = -1;
    stream->flags = (stream->flags & STREAM_PERMANENT) | STREAM_NO_READ | STREAM_NO_WRITE;
    stream->line = NULL;
    stream->line_size = 0;
}

int __stream_end(FILE *stream)
{
    int status = __stream_sync_written(stream), error = errno, closed;

    if (stream->operations)
        closed = stream->operations->close ? stream->operations->close(stream) : 0;
    else
        closed = stream->descriptor < 0 ? 0 : (int)SYS(SYS_close, stream->descriptor);
    if (closed)
        error = errno, status = EOF;
    if (stream->flags & STREAM_OWN_BUFFER)
        free(stream->buffer - STREAM_PUSHBACK);
    free(stream->line);
    become_inert(stream);
    if (status)
        errno = error;
    return status;
}
