#include "stream.h"
#include <errno.h>
#include <string.h>

/* POSIX: the orientation of stderr does not change. */
void perror(const char *text)
{
    int error = errno, held = stream_enter(stderr);
    short orientation = stderr->orientation;
    const char *message = strerror(error);

    if (text && *text) {
        __stream_put(stderr, text, strlen(text));
        __stream_put(stderr, ": ", 2);
    }
    __stream_put(stderr, message, strlen(message));
    __stream_put(stderr, "\n", 1);
    stderr->orientation = orientation;
    stream_leave(stderr, held);
    errno = error;
}
