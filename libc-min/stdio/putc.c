/* One byte: putc() and its like. */
#include "stream.h"

static __attribute__((noinline)) int putc_locked(int byte, FILE *stream)
{
    int held = stream_enter(stream), result = stream_putc(stream, byte);

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
