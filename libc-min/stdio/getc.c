/* One byte: getc() and its like. */
#include "stream.h"

/* With threads: takes a byte from the buffer under the plain lock, without setting the owner,
 * because nothing else is called meanwhile. If the lock is held, perhaps by this thread, the full
 * path follows. */
static __attribute__((noinline)) int getc_locked(FILE *stream)
{
    int byte = EOF, held;

    if (lock_try(&stream->lock)) {
        if (LIKELY(stream->read != stream->read_end))
            byte = *stream->read++;
        lock_release(&stream->lock);
        if (byte != EOF)
            return byte;
    }
    held = stream_enter(stream);
    byte = stream_getc(stream);
    stream_leave(stream, held);
    return byte;
}

int fgetc(FILE *stream)
{
    if (LIKELY(!__process.threaded))
        return stream_getc(stream);
    return getc_locked(stream);
}

static int getc_without_lock(FILE *stream)
{
    return stream_getc(stream);
}

ALIAS(fgetc, getc);
WEAK_ALIAS(getc_without_lock, getc_unlocked);
WEAK_ALIAS(getc_without_lock, fgetc_unlocked);
WEAK_ALIAS(fgetc, _IO_getc);
WEAK_ALIAS(getc_without_lock, _IO_getc_unlocked);
