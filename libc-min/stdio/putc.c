/* One byte: putc() and its like. */
#include "stream.h"

/* With threads: stores a byte in the buffer under the plain lock, without setting the owner,
 * because nothing else is called meanwhile. If the lock is held, perhaps by this thread, the full
 * path follows. */
static __attribute__((noinline)) int putc_locked(int byte, FILE *stream)
{
    int result = EOF, held;

    if (lock_try(&stream->lock)) {
        if (LIKELY(stream->write < stream->write_limit))
            result = *stream->write++ = (unsigned char)byte;
        lock_release(&stream->lock);
        if (result != EOF)
            return result;
    }
    held = stream_enter(stream);
    result = stream_putc(stream, byte);
    stream_leave(stream, held);
    return result;
}

int fputc(int byte, FILE *stream)
{
    if (LIKELY(!__process.threaded))
        return stream_putc(stream, byte);
    return putc_locked(byte, stream);
}

static int putc_without_lock(int byte, FILE *stream)
{
    return stream_putc(stream, byte);
}

ALIAS(fputc, putc);
WEAK_ALIAS(putc_without_lock, putc_unlocked);
WEAK_ALIAS(putc_without_lock, fputc_unlocked);
WEAK_ALIAS(fputc, _IO_putc);
WEAK_ALIAS(putc_without_lock, _IO_putc_unlocked);
