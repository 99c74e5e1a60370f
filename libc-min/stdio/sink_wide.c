/* Formatted wide characters that do not fit, and long padding. */
#define WIDE
#include "format.h"
#include "stream.h"

static void stream_put_text(struct sink *sink, const wchar_t *text, size_t size)
{
    if (size && !sink->failed)
        sink->failed = __stream_put_wide(sink->stream, text, size) != 0;
}

int __wide_sink_flush(struct sink *sink)
{
    size_t size = (size_t)(sink->next - sink->start);

    stream_put_text(sink, sink->start, size);
    sink->before += size;
    sink->next = sink->start;
    return sink->failed ? -1 : 0;
}

void __sink_spill(struct sink *sink, const wchar_t *text, size_t size)
{
    size_t fits;

    if (sink->stream) {
        __wide_sink_flush(sink);
        stream_put_text(sink, text, size);
        sink->before += size;
        return;
    }
    fits = (size_t)(sink->end - sink->next);
    wmemcpy(sink->next, text, fits);
    sink->next += fits;
    sink->before += size - fits;
}

void __sink_fill(struct sink *sink, char filler, size_t count)
{
    wchar_t wide = filler;

    for (; count && sink->next != sink->end; count--)
        *sink->next++ = wide;
    if (!sink->stream)
        sink->before += count;
    else
        for (; count && !sink->failed; count--)
            sink_put(sink, &wide, 1);
}
