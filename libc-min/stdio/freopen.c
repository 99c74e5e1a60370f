/* freopen(): another file, or another mode, for an existing stream. */
#include "stream.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>

#define MODES (STREAM_NO_READ | STREAM_NO_WRITE | STREAM_APPEND)

/* Without a name the file stays; the mode changes as far as fcntl(2) allows. */
static int mode_change(FILE *stream, int open_flags)
{
    long status;

    __stream_sync(stream);
    status = SYS(SYS_fcntl, stream->descriptor, F_GETFL, 0);
    if (status < 0)
        return -1;
    if ((status & O_ACCMODE) != O_RDWR && (status & O_ACCMODE) != (open_flags & O_ACCMODE)) {
        errno = EBADF;
        return -1;
    }
    if (open_flags & O_CLOEXEC)
        sys_call(SYS_fcntl, stream->descriptor, F_SETFD, FD_CLOEXEC);
    status = (status & ~(long)O_APPEND) | (open_flags & O_APPEND);
    if (SYS(SYS_fcntl, stream->descriptor, F_SETFL, status) < 0)
        return -1;
    if (open_flags & O_TRUNC) { /* fails for a terminal or pipe; open(2) ignores it */
        sys_call(SYS_ftruncate, stream->descriptor, 0);
        sys_call(SYS_lseek, stream->descriptor, 0, SEEK_SET);
    }
    return 0;
}

/* The new file takes over the old descriptor's number, which the program may know: dup3(2) closes
 * the old file. */
static int file_change(FILE *stream, const char *name, int open_flags)
{
    int descriptor = (int)SYS(SYS_open, name, open_flags, 0666), old = stream->descriptor;
    long answer;

    __stream_sync(stream);
    if (descriptor < 0)
        return -1;
    if (stream->operations && stream->operations->close)
        stream->operations->close(stream);
    stream->operations = NULL;
    if (old < 0 || old == descriptor) {
        stream->descriptor = descriptor;
        return 0;
    }
    do
        answer = sys_call(SYS_dup3, descriptor, old, open_flags & O_CLOEXEC);
    while (answer == -EBUSY || answer == -EINTR);
    sys_call(SYS_close, descriptor);
    return (int)__sys_result(answer);
}

FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict stream)
{
    unsigned flags;
    int open_flags = __stream_mode(mode, &flags);
    int held = stream_enter(stream), failed, error;

    if (open_flags < 0)
        failed = 1;
    else if (name)
        failed = file_change(stream, name, open_flags) < 0;
    else
        failed = mode_change(stream, open_flags) < 0;
    if (failed) {
        error = errno;
        stream_leave(stream, held);
        fclose(stream);
        errno = error;
        return NULL;
    }
    stream->read = stream->read_end = NULL;
    stream->write = stream->write_start = stream->write_limit = NULL;
    stream->flags &= ~(unsigned)(MODES | STREAM_EOF | STREAM_ERROR);
    stream->flags |= flags & MODES;
    if (stream->size && !(stream->flags & STREAM_CHOSEN)) { /* the new file may be a terminal */
        stream->flags &= ~(unsigned)STREAM_LINE;
        stream->flags |= STREAM_UNDECIDED;
    }
    stream->orientation = 0;
    stream->encoding = ENCODING_OPEN;
    stream_leave(stream, held);
    return stream;
}

#undef freopen64
WEAK_ALIAS(freopen, freopen64);
