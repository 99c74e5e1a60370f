/* A stream's lock: recursive (POSIX, flockfile()). The state is kept while the process has one
 * thread too: a stream that is held when the second thread is made stays held. */
#include "stream.h"
#include "thread.h"

int __stream_lock(FILE *stream)
{
    void *self = thread_self();

    if (__atomic_load_n(&stream->owner, __ATOMIC_RELAXED) == self) {
        stream->depth++;
        return 1;
    }
    lock_take(&stream->lock);
    __atomic_store_n(&stream->owner, self, __ATOMIC_RELAXED);
    stream->depth = 1;
    return 1;
}

int __stream_trylock(FILE *stream)
{
    void *self = thread_self();

    if (__atomic_load_n(&stream->owner, __ATOMIC_RELAXED) == self) {
        stream->depth++;
        return 0;
    }
    if (!lock_try(&stream->lock))
        return -1;
    __atomic_store_n(&stream->owner, self, __ATOMIC_RELAXED);
    stream->depth = 1;
    return 0;
}

void __stream_unlock(FILE *stream)
{
    if (--stream->depth)
        return;
    __atomic_store_n(&stream->owner, NULL, __ATOMIC_RELAXED);
    lock_release(&stream->lock);
}

static void stream_hold(FILE *stream)
{
    __stream_lock(stream);
}

WEAK_ALIAS(stream_hold, flockfile);
WEAK_ALIAS(__stream_trylock, ftrylockfile);
WEAK_ALIAS(__stream_unlock, funlockfile);
