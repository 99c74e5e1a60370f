/* <stdio_ext.h>, after Solaris: what a stream's buffer holds. */
#include "stream.h"
#include <stdio_ext.h>

void _flushlbf(void)
{
    fflush(NULL);
}

/* All streams have locks, and no caller can turn them off. */
int __fsetlocking(FILE *stream, int type)
{
    (void)stream, (void)type;
    return FSETLOCKING_INTERNAL;
}

int __fwriting(FILE *stream)
{
    return (stream->flags & STREAM_NO_READ) || stream->write_start;
}

int __freading(FILE *stream)
{
    return (stream->flags & STREAM_NO_WRITE) || stream->read;
}

int __freadable(FILE *stream)
{
    return !(stream->flags & STREAM_NO_READ);
}

int __fwritable(FILE *stream)
{
    return !(stream->flags & STREAM_NO_WRITE);
}

int __flbf(FILE *stream)
{
    return (stream->flags & STREAM_LINE) != 0;
}

size_t __fbufsize(FILE *stream)
{
    return stream->size;
}

size_t __fpending(FILE *stream)
{
    return (size_t)(stream->write - stream->write_start);
}

int __fpurge(FILE *stream)
{
    stream->read = stream->read_end = NULL;
    stream->write = stream->write_start = stream->write_limit = NULL;
    return 0;
}

size_t __freadahead(FILE *stream)
{
    return (size_t)(stream->read_end - stream->read);
}

const char *__freadptr(FILE *stream, size_t *size)
{
    *size = (size_t)(stream->read_end - stream->read);
    return *size ? (const char *)stream->read : NULL;
}

void __freadptrinc(FILE *stream, size_t count)
{
    stream->read += count;
}

void __fseterr(FILE *stream)
{
    stream->flags |= STREAM_ERROR;
}

WEAK_ALIAS(__fpurge, fpurge);
