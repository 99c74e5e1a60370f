/* Formatted characters that do not fit, and long padding. */
#include "format.h"
#include "stream.h"
#include <string.h>

void __sink_spill(struct sink *sink, const char *text, size_t size)
{
    FILE *stream = sink->stream;
    size_t fits;

    if (!stream) {
        fits = (size_t)(sink->end - sink->next);
        memcpy(sink->next, text, fits);
        sink->next += fits;
        sink->before += size - fits;
        return;
    }
    if (sink->failed) /* later characters must not be written after a gap */
        return;
    if (stream->write_start)
        stream->write = (unsigned char *)sink->next;
    sink->before = sink_count(sink) + size;
    if (__stream_put(stream, text, size) != size)
        sink->failed = 1;
    sink->start = sink->next = (char *)stream->write;
    sink->end = sink->next; /* line buffered, or failed: no room, the slow path each time */
    if (!sink->failed && stream->write < stream->write_limit)
        sink->end = (char *)stream->write_limit;
}

void __sink_fill(struct sink *sink, char filler, size_t count)
{
    char block[64];
    size_t fits = (size_t)(sink->end - sink->next);

    if (!sink->stream || count <= fits) {
        memset(sink->next, filler, fits < count ? fits : count);
        sink->next += fits < count ? fits : count;
        sink->before += fits < count ? count - fits : 0;
        return;
    }
    memset(block, filler, sizeof block);
    for (; count && !sink->failed; count -= fits) {
        fits = count < sizeof block ? count : sizeof block;
        sink_put(sink, block, fits);
    }
}
