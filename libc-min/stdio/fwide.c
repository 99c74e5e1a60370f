#include "stream.h"
#include <wchar.h>

/* C17 7.29.3.5. The orientation changes nothing here but what is said of it: the buffer holds bytes
 * either way. */
int fwide(FILE *stream, int mode)
{
    int held = stream_enter(stream);

    if (mode && !stream->orientation)
        stream->orientation = mode > 0 ? 1 : -1;
    mode = stream->orientation;
    stream_leave(stream, held);
    return mode;
}
