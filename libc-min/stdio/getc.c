/* One byte: getc() and its like. */
#include "stream.h"

static __attribute__((noinline)) int getc_locked(FILE *stream)
{
    int held = stream_enter(stream), byte = stream_getc(stream);

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
