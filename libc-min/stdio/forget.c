/* Streams at dlclose() of a library that has given them a buffer, functions or memory. */
#include "stream.h"
#include "unload.h"
#include <stdlib.h>
#include <string.h>

HIDDEN void __stdio_forget(const void *start, const void *end);

struct range {
    const void *start, *end;
};

/* The pointer's place in another buffer. */
static unsigned char *moved(const unsigned char *pointer, const unsigned char *from,
                            unsigned char *to)
{
    return pointer ? to + (pointer - from) : NULL;
}

/* The library has the stream's buffer: its contents move to a new buffer of the stream. Without
 * memory for one, the buffered output is written, the data read ahead is lost, and the stream is
 * unbuffered. */
static void buffer_move(FILE *stream)
{
    size_t size = STREAM_PUSHBACK + stream->size;
    const unsigned char *old = stream->buffer;
    unsigned char *memory = malloc(size);

    if (!memory) {
        __stream_sync_written(stream);
        stream->read = stream->read_end = NULL;
        stream->write = stream->write_start = stream->write_limit = NULL;
        stream->buffer = stream->small + STREAM_PUSHBACK;
        stream->size = 0;
        return;
    }
    memcpy(memory, old - STREAM_PUSHBACK, size);
    stream->buffer = memory + STREAM_PUSHBACK;
    stream->read = moved(stream->read, old, stream->buffer);
    stream->read_end = moved(stream->read_end, old, stream->buffer);
    stream->write = moved(stream->write, old, stream->buffer);
    stream->write_start = moved(stream->write_start, old, stream->buffer);
    stream->write_limit = moved(stream->write_limit, old, stream->buffer);
    stream->flags |= STREAM_OWN_BUFFER;
}

/* Most streams use nothing of the library. Their locks are not taken, because a thread may hold one
 * while it sleeps in read(2). */
static void stream_forget(FILE *stream, const void *context)
{
    const struct range *range = context;
    const struct stream_operations *operations = stream->operations;
    bool cookie = operations && operations->within && stream->cookie &&
                  operations->within(stream, range->start, range->end);

    if (!cookie && !address_within(stream->buffer, range->start, range->end))
        return;
    int held = stream_enter(stream);
    if (cookie)
        operations->forget(stream, range->start, range->end);
    if (address_within(stream->buffer, range->start, range->end))
        buffer_move(stream);
    stream_leave(stream, held);
}

void __stdio_forget(const void *start, const void *end)
{
    __stream_each(stream_forget, &(struct range){start, end});
}
