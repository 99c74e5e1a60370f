/* Positions: fseek(), ftell(), rewind(), fgetpos(), fsetpos(). Functions of ISO C call only `__`
 * names here. */
#include "stream.h"
#include <errno.h>
#include <limits.h>

static int seek_locked(FILE *stream, off_t offset, int whence)
{
    int held = stream_enter(stream), status = __stream_seek(stream, offset, whence);

    stream_leave(stream, held);
    return status;
}

static off_t tell_locked(FILE *stream)
{
    int held = stream_enter(stream);
    off_t position = __stream_tell(stream);

    stream_leave(stream, held);
    return position;
}

int fseek(FILE *stream, long offset, int whence)
{
    return seek_locked(stream, offset, whence);
}

long ftell(FILE *stream)
{
    off_t position = tell_locked(stream);

    if (position > LONG_MAX) {
        errno = EOVERFLOW;
        return -1;
    }
    return (long)position;
}

void rewind(FILE *stream)
{
    int held = stream_enter(stream);

    __stream_seek(stream, 0, SEEK_SET);
    stream->flags &= ~(unsigned)STREAM_ERROR;
    stream_leave(stream, held);
}

int fgetpos(FILE *restrict stream, fpos_t *restrict position)
{
    off_t offset = tell_locked(stream);

    if (offset < 0)
        return -1;
    position->__lldata = offset;
    return 0;
}

int fsetpos(FILE *stream, const fpos_t *position)
{
    return seek_locked(stream, position->__lldata, SEEK_SET);
}

WEAK_ALIAS(seek_locked, fseeko);
WEAK_ALIAS(tell_locked, ftello);
#undef fseeko64
#undef ftello64
#undef fgetpos64
#undef fsetpos64
WEAK_ALIAS(seek_locked, fseeko64);
WEAK_ALIAS(tell_locked, ftello64);
WEAK_ALIAS(fgetpos, fgetpos64);
WEAK_ALIAS(fsetpos, fsetpos64);
