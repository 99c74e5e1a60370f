#include "stream.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

int __stream_mode(const char *mode, unsigned *flags)
{
    int open_flags, update = strchr(mode, '+') != NULL;

    *flags = STREAM_UNDECIDED;
    switch (*mode) {
    case 'r':
        open_flags = 0;
        *flags |= update ? 0 : STREAM_NO_WRITE;
        break;
    case 'w':
        open_flags = O_CREAT | O_TRUNC;
        *flags |= update ? 0 : STREAM_NO_READ;
        break;
    case 'a':
        open_flags = O_CREAT | O_APPEND;
        *flags |= STREAM_APPEND | (update ? 0 : STREAM_NO_READ);
        break;
    default:
        errno = EINVAL;
        return -1;
    }
    open_flags |= update ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;
    if (strchr(mode, 'x'))
        open_flags |= O_EXCL;
    if (strchr(mode, 'e'))
        open_flags |= O_CLOEXEC;
    return open_flags;
}

FILE *fopen(const char *restrict name, const char *restrict mode)
{
    unsigned flags;
    int open_flags = __stream_mode(mode, &flags), descriptor;
    FILE *stream;

    if (open_flags < 0)
        return NULL;
    descriptor = (int)SYS(SYS_open, name, open_flags, 0666);
    if (descriptor < 0)
        return NULL;
    stream = __stream_new(flags);
    if (!stream) {
        sys_call(SYS_close, descriptor);
        return NULL;
    }
    stream->descriptor = descriptor;
    return stream;
}

#undef fopen64
WEAK_ALIAS(fopen, fopen64);
