#include "format.h"
#include "stream.h"

/* An unbuffered stream gets a buffer during the call, and so makes one write instead of many. */
static int format_unbuffered(FILE *stream, const char *format, va_list arguments)
{
    unsigned char buffer[256], *own = stream->buffer;
    struct sink sink = {.stream = stream};
    int count;

    stream->buffer = stream->write = stream->write_start = buffer;
    stream->write_limit = buffer + sizeof buffer;
    stream->size = sizeof buffer;
    sink.next = sink.start = (char *)stream->write;
    sink.end = (char *)stream->write_limit;
    count = __format(&sink, format, arguments);
    stream->write = (unsigned char *)sink.next;
    if (__stream_flush(stream))
        count = -1;
    stream->buffer = stream->write = stream->write_start = stream->write_limit = own;
    stream->size = 0;
    return count;
}

int __format_stream(FILE *stream, const char *format, va_list arguments)
{
    struct sink sink = {.stream = stream};
    int count;

    if (!stream->write_start && __stream_to_write(stream))
        return -1;
    if (!stream->size)
        return format_unbuffered(stream, format, arguments);
    sink.next = sink.start = (char *)stream->write;
    sink.end = (char *)stream->write_limit;
    if (UNLIKELY(sink.end < sink.next))
        sink.end = sink.next; /* line buffered */
    count = __format(&sink, format, arguments);
    stream->write = (unsigned char *)sink.next;
    return count;
}

int vfprintf(FILE *restrict stream, const char *restrict format, va_list arguments)
{
    int held = stream_enter(stream), count = __format_stream(stream, format, arguments);

    stream_leave(stream, held);
    return count;
}
