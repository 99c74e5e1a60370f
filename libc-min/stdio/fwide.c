#include "libc-min/wchar/multibyte.h"
#include "stream.h"
#include <wchar.h>

/* A stream that is byte-oriented already keeps its orientation. */
void __stream_bind(FILE *stream)
{
    if (!stream->orientation)
        stream->orientation = 1;
    stream->encoding = locale_utf8() ? ENCODING_UTF8 : ENCODING_BYTES;
}

/* C17 7.29.3.5. Here the orientation is only reported: the buffer holds bytes either way. */
int fwide(FILE *stream, int mode)
{
    int held = stream_enter(stream);

    if (mode > 0 && !stream->orientation)
        stream_bind(stream);
    else if (mode && !stream->orientation)
        stream->orientation = -1;
    mode = stream->orientation;
    stream_leave(stream, held);
    return mode;
}
