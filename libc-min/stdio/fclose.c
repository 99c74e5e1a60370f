#include "stream.h"
#include <stdlib.h>

int fclose(FILE *stream)
{
    int held = stream_enter(stream), status = __stream_end(stream);

    stream_leave(stream, held);
    if (stream->flags & STREAM_PERMANENT) /* a program may still use it: then it fails with EBADF */
        return status;
    __stream_unlink(stream); /* a sync in another thread may hold the list */
    free(stream);
    return status;
}
