#include "stream.h"

static size_t items_write(const void *data, size_t size, size_t count, FILE *stream)
{
    size_t total, done;

    if (__builtin_mul_overflow(size, count, &total))
        total = (size_t)-1; /* no object is as large: the write fails with EFAULT */
    done = __stream_put(stream, data, total);
    return done == total ? (size ? count : 0) : done / size;
}

size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict stream)
{
    int held = stream_enter(stream);

    count = items_write(data, size, count, stream);
    stream_leave(stream, held);
    return count;
}

WEAK_ALIAS(items_write, fwrite_unlocked);
