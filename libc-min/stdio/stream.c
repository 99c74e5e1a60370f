/* The core of stdio: filling and emptying of buffers, the list of open streams, the flush at exit.
 */
#include "stream.h"
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

/* The three standard streams, without fopen(); a program that uses none of them links none. */
extern HIDDEN FILE __stdin_stream __attribute__((weak));
extern HIDDEN FILE __stdout_stream __attribute__((weak));
extern HIDDEN FILE __stderr_stream __attribute__((weak));

/* In .data, although zero: exit() reads them in every process, and .data's page is already mapped.
 */
#define IN_DATA __attribute__((section(".data.stream_list")))
static IN_DATA FILE *stream_list;
static IN_DATA lock_t stream_list_lock;

/* -------------------------------------------------------------------------------------------- */
/* Below the buffer */

static ssize_t source_read(FILE *stream, unsigned char *data, size_t size)
{
    if (stream->operations)
        return stream->operations->read(stream, data, size);
    return SYS(SYS_read, stream->descriptor, data, size);
}

/* Writes the buffered bytes and then `size` bytes of data; may write less than both together. */
static ssize_t sink_write(FILE *stream, const unsigned char *data, size_t size)
{
    size_t waiting = (size_t)(stream->write - stream->write_start);
    struct iovec parts[2] = {{stream->write_start, waiting}, {(void *)data, size}};

    if (stream->operations)
        return waiting ? stream->operations->write(stream, stream->write_start, waiting)
                       : stream->operations->write(stream, data, size);
    if (!waiting)
        return SYS(SYS_write, stream->descriptor, data, size);
    if (!size)
        return SYS(SYS_write, stream->descriptor, stream->write_start, waiting);
    return SYS(SYS_writev, stream->descriptor, parts, 2);
}

static off_t file_seek(FILE *stream, off_t offset, int whence)
{
    if (stream->operations)
        return stream->operations->seek(stream, offset, whence);
    return SYS(SYS_lseek, stream->descriptor, offset, whence);
}

/* -------------------------------------------------------------------------------------------- */
/* Idle, reading, writing */

static void become_idle(FILE *stream)
{
    stream->read = stream->read_end = NULL;
    stream->write = stream->write_start = stream->write_limit = NULL;
}

/* A stream without a buffer, such as stderr, is unbuffered. */
static void buffer_default(FILE *stream)
{
    if (!stream->buffer)
        stream->buffer = stream->small + STREAM_PUSHBACK;
}

/* POSIX, 2.5 Standard I/O Streams: fully buffered if and only if the stream is not a terminal. */
static void buffering_decide(FILE *stream)
{
    struct winsize size;

    stream->flags &= ~STREAM_UNDECIDED;
    if (stream->descriptor >= 0 && !stream->operations &&
        sys_call(SYS_ioctl, stream->descriptor, TIOCGWINSZ, &size) == 0)
        stream->flags |= STREAM_LINE;
}

/* Returns the data read ahead to the file, if the file is seekable. After ungetc() that may be more
 * than the file has before its position: then the position becomes 0. */
static int read_ahead_return(FILE *stream)
{
    off_t ahead = stream->read_end - stream->read, place = 0;
    int error = errno;

    if (ahead)
        place = file_seek(stream, -ahead, SEEK_CUR);
    if (place < 0 && errno == EINVAL)
        place = file_seek(stream, 0, SEEK_SET);
    if (place < 0 && errno != ESPIPE)
        return EOF;
    errno = error;
    if (place < 0)
        return 0; /* a pipe's bytes stay in the buffer */
    stream->read = stream->read_end = NULL;
    return 0;
}

/* Makes a new stream byte-oriented; wide functions have set the orientation before. C17 7.21.2p4.
 */
static void orientation_decide(FILE *stream)
{
    if (!stream->orientation)
        stream->orientation = -1;
}

static int mode_refuse(FILE *stream)
{
    stream->flags |= STREAM_ERROR;
    errno = EBADF;
    return EOF;
}

int __stream_to_write(FILE *stream)
{
    if (stream->write_start)
        return 0;
    orientation_decide(stream);
    if (stream->flags & STREAM_NO_WRITE)
        return mode_refuse(stream);
    buffer_default(stream);
    if (stream->flags & STREAM_UNDECIDED)
        buffering_decide(stream);
    read_ahead_return(stream);
    stream->read = stream->read_end = NULL;
    stream->flags &= ~STREAM_EOF;
    stream->write = stream->write_start = stream->write_limit = stream->buffer;
    if (!(stream->flags & STREAM_LINE))
        stream->write_limit += stream->size;
    return 0;
}

int __stream_to_read(FILE *stream)
{
    orientation_decide(stream);
    if (stream->flags & STREAM_NO_READ)
        return mode_refuse(stream);
    if (stream->write_start) {
        if (__stream_flush(stream))
            return EOF;
        become_idle(stream);
    }
    buffer_default(stream);
    if (!stream->read)
        stream->read = stream->read_end = stream->buffer;
    return 0;
}

/* -------------------------------------------------------------------------------------------- */
/* Reading */

/* read(2) into the buffer, or into the program's memory; 0 at the end and for errors. The end
 * persists until clearerr() (C17 7.21.7.1), even for a terminal that could deliver more. */
static size_t read_some(FILE *stream, unsigned char *data, size_t size)
{
    ssize_t count;

    if (stream->flags & STREAM_EOF)
        return 0;
    count = source_read(stream, data, size);
    if (count <= 0)
        stream->flags |= count ? STREAM_ERROR : STREAM_EOF;
    return count > 0 ? (size_t)count : 0;
}

int __stream_fill(FILE *stream)
{
    size_t count;

    if (__stream_to_read(stream))
        return EOF;
    stream->read = stream->read_end = stream->buffer;
    count = read_some(stream, stream->buffer, stream->size ? stream->size : 1);
    if (!count)
        return EOF;
    stream->read_end += count;
    return *stream->read++;
}

size_t __stream_get(FILE *stream, void *data, size_t size)
{
    unsigned char *next = data;
    size_t left = size, count = (size_t)(stream->read_end - stream->read);

    while (left) {
        if (count) {
            count = count < left ? count : left;
            memcpy(next, stream->read, count);
            stream->read += count;
        } else if (__stream_to_read(stream)) {
            break;
        } else if (left >= stream->size) { /* without the buffer */
            if (!(count = read_some(stream, next, left)))
                break;
        } else {
            stream->read = stream->read_end = stream->buffer;
            if (!(count = read_some(stream, stream->buffer, stream->size)))
                break;
            stream->read_end += count;
            continue;
        }
        next += count;
        left -= count;
        count = (size_t)(stream->read_end - stream->read);
    }
    return size - left;
}

/* -------------------------------------------------------------------------------------------- */
/* Writing */

/* Writes the buffered bytes and `size` bytes after them. Returns how many of the latter were
 * written; fewer means an error. Buffered bytes that were not written stay in the buffer. */
static size_t write_through(FILE *stream, const unsigned char *data, size_t size)
{
    size_t waiting, left = size;
    ssize_t count;

    while ((waiting = (size_t)(stream->write - stream->write_start)) + left) {
        count = sink_write(stream, data, left);
        if (count <= 0) { /* 0 means failure too: some operations report it so */
            stream->flags |= STREAM_ERROR;
            break;
        }
        if ((size_t)count >= waiting) {
            stream->write = stream->write_start;
            data += (size_t)count - waiting;
            left -= (size_t)count - waiting;
        } else {
            memmove(stream->write_start, stream->write_start + count, waiting - (size_t)count);
            stream->write -= count;
        }
    }
    return size - left;
}

static size_t after_last_newline(const unsigned char *data, size_t size)
{
    while (size && data[size - 1] != '\n')
        size--;
    return size;
}

/* Writes a part of the data to the file now, because of a newline or of a buffer too small. */
static size_t put_slowly(FILE *stream, const unsigned char *data, size_t size)
{
    size_t room = (size_t)(stream->buffer + stream->size - stream->write), now = 0, done;
    int full = size > room;

    if (stream->flags & STREAM_LINE)
        now = after_last_newline(data, size);
    if (size - now > (now ? stream->size : room))
        now = size >= stream->size ? size : room;
    if (now || full) {
        done = write_through(stream, data, now);
        if (done < now || stream->write != stream->write_start)
            return done;
    }
    memcpy(stream->write, data + now, size - now);
    stream->write += size - now;
    return size;
}

size_t __stream_put(FILE *stream, const void *data, size_t size)
{
    if (size <= (size_t)(stream->write_limit - stream->write) && stream->write_start &&
        stream->write_limit != stream->write_start) {
        memcpy(stream->write, data, size);
        stream->write += size;
        return size;
    }
    if (!size || __stream_to_write(stream))
        return 0;
    return put_slowly(stream, data, size);
}

int __stream_overflow(FILE *stream, int byte)
{
    unsigned char data = (unsigned char)byte;

    return __stream_put(stream, &data, 1) ? data : EOF;
}

int __stream_flush(FILE *stream)
{
    if (stream->write == stream->write_start)
        return 0;
    write_through(stream, NULL, 0);
    return stream->write == stream->write_start ? 0 : EOF;
}

int __stream_sync(FILE *stream)
{
    if (__stream_flush(stream))
        return EOF;
    if (stream->write_start)
        become_idle(stream);
    else if (read_ahead_return(stream))
        return EOF;
    return 0;
}

int __stream_sync_written(FILE *stream)
{
    if (__stream_flush(stream))
        return EOF;
    __stream_sync(stream);
    return 0;
}

/* -------------------------------------------------------------------------------------------- */
/* Positions */

off_t __stream_tell(FILE *stream)
{
    int at_end = (stream->flags & STREAM_APPEND) && stream->write != stream->write_start;
    off_t position = file_seek(stream, 0, at_end ? SEEK_END : SEEK_CUR);

    if (position < 0)
        return -1;
    return position - (stream->read_end - stream->read) + (stream->write - stream->write_start);
}

int __stream_seek(FILE *stream, off_t offset, int whence)
{
    if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END) {
        errno = EINVAL;
        return -1;
    }
    if (__stream_flush(stream))
        return -1;
    if (whence == SEEK_CUR &&
        __builtin_sub_overflow(offset, stream->read_end - stream->read, &offset)) {
        errno = EOVERFLOW;
        return -1;
    }
    if (file_seek(stream, offset, whence) < 0)
        return -1;
    become_idle(stream);
    stream->flags &= ~STREAM_EOF;
    return 0;
}

/* -------------------------------------------------------------------------------------------- */
/* The list, and the end */

void __stream_link(FILE *stream)
{
    lock_take(&stream_list_lock);
    stream->previous = NULL;
    stream->next = stream_list;
    if (stream_list)
        stream_list->previous = stream;
    stream_list = stream;
    lock_release(&stream_list_lock);
}

void __stream_unlink(FILE *stream)
{
    if (stream->flags & STREAM_PERMANENT)
        return;
    lock_take(&stream_list_lock);
    if (stream->previous)
        stream->previous->next = stream->next;
    else
        stream_list = stream->next;
    if (stream->next)
        stream->next->previous = stream->previous;
    lock_release(&stream_list_lock);
}

void __stream_each(void (*visit)(FILE *stream, const void *context), const void *context)
{
    FILE *standard[] = {&__stdin_stream, &__stdout_stream, &__stderr_stream};

    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++)
        if (standard[i])
            visit(standard[i], context);
    lock_take(&stream_list_lock);
    for (FILE *stream = stream_list; stream; stream = stream->next)
        visit(stream, context);
    lock_release(&stream_list_lock);
}

/* Flushes one stream. A stream that another thread holds, perhaps asleep in read(2), is skipped if
 * nothing in it is to be written: to wait here would block all opens and closes of streams, and
 * exit(). */
static int sync_one(FILE *stream)
{
    int held = 0, status;

    if (!stream)
        return 0;
    if (__process.threaded) {
        if (stream->write != stream->write_start)
            held = __stream_lock(stream);
        else if (__stream_trylock(stream) == 0)
            held = 1;
        else
            return 0;
    }
    status = __stream_sync_written(stream);
    stream_leave(stream, held);
    return status;
}

int __stream_sync_all(void)
{
    int status = sync_one(&__stdin_stream);

    status |= sync_one(&__stdout_stream);
    status |= sync_one(&__stderr_stream);
    lock_take(&stream_list_lock);
    for (FILE *stream = stream_list; stream; stream = stream->next)
        status |= sync_one(stream);
    lock_release(&stream_list_lock);
    return status;
}

/* For use between fork() and execve(). Takes no lock, because another thread may have held it. */
void __stream_close_children(void)
{
    for (FILE *stream = stream_list; stream; stream = stream->next)
        if (stream->child)
            sys_call(SYS_close, stream->descriptor);
}

/* In the child, no other thread exists to release a lock. Its holder may have been between two
 * stores to the stream, so the stream is made idle; the parent writes the buffered data. */
static void lock_forget(FILE *stream)
{
    if (!stream || !stream->lock || stream->owner == thread_self())
        return;
    become_idle(stream);
    stream->owner = NULL;
    stream->depth = 0;
    stream->lock = 0;
}

void __stdio_fork(int when)
{
    if (when == 0) {
        lock_take(&stream_list_lock);
        return;
    }
    if (when == 2) {
        lock_forget(&__stdin_stream);
        lock_forget(&__stdout_stream);
        lock_forget(&__stderr_stream);
        for (FILE *stream = stream_list; stream; stream = stream->next)
            lock_forget(stream);
    }
    lock_release(&stream_list_lock);
}

void __stdio_exit(void)
{
    __stream_sync_all();
}
