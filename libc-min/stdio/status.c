/* A stream's state: feof(), ferror(), clearerr(), fileno(). One word is read at once, so only
 * clearerr() needs the lock. */
#include "stream.h"
#include <errno.h>

int feof(FILE *stream)
{
    return (stream->flags & STREAM_EOF) != 0;
}

int ferror(FILE *stream)
{
    return (stream->flags & STREAM_ERROR) != 0;
}

static void clear_without_lock(FILE *stream)
{
    stream->flags &= ~(unsigned)(STREAM_EOF | STREAM_ERROR);
}

void clearerr(FILE *stream)
{
    int held = stream_enter(stream);

    stream->flags &= ~(unsigned)(STREAM_EOF | STREAM_ERROR);
    stream_leave(stream, held);
}

static int stream_descriptor(FILE *stream)
{
    if (stream->descriptor < 0)
        errno = EBADF;
    return stream->descriptor < 0 ? -1 : stream->descriptor;
}

WEAK_ALIAS(feof, feof_unlocked);
WEAK_ALIAS(feof, _IO_feof_unlocked);
WEAK_ALIAS(ferror, ferror_unlocked);
WEAK_ALIAS(ferror, _IO_ferror_unlocked);
WEAK_ALIAS(clear_without_lock, clearerr_unlocked);
WEAK_ALIAS(stream_descriptor, fileno);
WEAK_ALIAS(stream_descriptor, fileno_unlocked);
