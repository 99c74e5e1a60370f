#include "stream.h"

static int sync_without_lock(FILE *stream)
{
    return stream ? __stream_sync(stream) : __stream_sync_all();
}

int fflush(FILE *stream)
{
    int held, status;

    if (!stream)
        return __stream_sync_all() ? EOF : 0;
    held = stream_enter(stream);
    status = __stream_sync(stream);
    stream_leave(stream, held);
    return status;
}

WEAK_ALIAS(sync_without_lock, fflush_unlocked);
