#include "stream.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int fclose(FILE *stream)
{
    int held = stream_enter(stream), status = __stream_end(stream);

    stream_leave(stream, held);
    __stream_unlink(stream);
    if (stream->flags & STREAM_PERMANENT) { /* may be named again, and then says EBADF */
        stream->flags = STREAM_PERMANENT | STREAM_NO_READ | STREAM_NO_WRITE;
        stream->descriptor = -1;
        stream->operations = NULL;
        stream->line = NULL;
        stream->buffer = NULL;
        stream->size = 0;
        stream->read = stream->read_end = NULL;
        stream->write = stream->write_start = stream->write_limit = NULL;
    } else {
        free(stream);
    }
    return status;
}
