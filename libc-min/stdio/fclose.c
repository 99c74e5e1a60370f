#include "stream.h"
#include <stdlib.h>

int fclose(FILE *stream)
{
    int held = stream_enter(stream), status = __stream_end(stream);

    stream_leave(stream, held);
    if (stream->flags & STREAM_PERMANENT) /* may be named again, and then says EBADF */
        return status;
    __stream_unlink(stream); /* a sync of all that still waits for this stream holds the list */
    free(stream);
    return status;
}
