#include "stream.h"
#include "syscall.h"
#include <fcntl.h>

FILE *fdopen(int descriptor, const char *mode)
{
    unsigned flags;
    int open_flags = __stream_mode(mode, &flags);
    long status;
    FILE *stream;

    if (open_flags < 0)
        return NULL;
    status = SYS(SYS_fcntl, descriptor, F_GETFL, 0);
    if (status < 0)
        return NULL;
    stream = __stream_new(flags);
    if (!stream)
        return NULL;
    stream->descriptor = descriptor;
    if (open_flags & O_CLOEXEC)
        sys_call(SYS_fcntl, descriptor, F_SETFD, FD_CLOEXEC);
    if ((open_flags & O_APPEND) && !(status & O_APPEND))
        sys_call(SYS_fcntl, descriptor, F_SETFL, status | O_APPEND);
    return stream;
}
