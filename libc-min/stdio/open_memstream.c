/* open_memstream(): a stream that writes into memory that it allocates. POSIX. */
#include "stream.h"
#include "unload.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct growing {
    char **program_data; /* the program's variables for address and length, up to date after
                            fflush() */
    size_t *program_size;
    char *data;
    size_t room; /* allocated, bytes; all bytes from `length` on are zero */
    size_t length;
    size_t position;
    char *own_data; /* used instead of the program's variables after dlclose() of their library */
    size_t own_size;
};

/* POSIX: the smaller of the length and the position. */
static void size_tell(struct growing *growing)
{
    *growing->program_size = growing->length < growing->position ? growing->length
                                                                 : growing->position;
}

static ssize_t growing_write(FILE *stream, const unsigned char *data, size_t size)
{
    struct growing *growing = stream->cookie;
    size_t end = growing->position + size, room;
    char *larger;

    if (end >= growing->room) {
        room = end + end / 2 + 64;
        larger = realloc(growing->data, room);
        if (!larger)
            return -1;
        memset(larger + growing->room, 0, room - growing->room);
        growing->data = *growing->program_data = larger;
        growing->room = room;
    }
    memcpy(growing->data + growing->position, data, size);
    growing->position = end;
    if (end > growing->length)
        growing->length = end;
    size_tell(growing);
    return (ssize_t)size;
}

static off_t growing_seek(FILE *stream, off_t offset, int whence)
{
    struct growing *growing = stream->cookie;
    off_t base = whence == SEEK_SET   ? 0
                 : whence == SEEK_CUR ? (off_t)growing->position
                                      : (off_t)growing->length;

    if (__builtin_add_overflow(base, offset, &base) || base < 0 || base > SSIZE_MAX / 4) {
        errno = EINVAL;
        return -1;
    }
    growing->position = (size_t)base;
    size_tell(growing);
    return base;
}

static ssize_t growing_read(FILE *stream, unsigned char *data, size_t size)
{
    (void)stream, (void)data, (void)size;
    errno = EBADF;
    return -1;
}

static int growing_close(FILE *stream)
{
    free(stream->cookie);
    return 0;
}

static bool growing_within(const FILE *stream, const void *start, const void *end)
{
    const struct growing *growing = stream->cookie;

    return address_within(growing->program_data, start, end) ||
           address_within(growing->program_size, start, end);
}

/* dlclose() of the library that has the variables for address and length: nobody reads them any
 * more. */
static void growing_forget(FILE *stream, const void *start, const void *end)
{
    struct growing *growing = stream->cookie;

    if (address_within(growing->program_data, start, end))
        growing->program_data = &growing->own_data;
    if (address_within(growing->program_size, start, end))
        growing->program_size = &growing->own_size;
}

static const struct stream_operations growing_operations = {growing_read,   growing_write,
                                                            growing_seek,   growing_close,
                                                            growing_within, growing_forget};

FILE *open_memstream(char **data, size_t *size)
{
    struct growing *growing = calloc(1, sizeof *growing);
    char *first = calloc(1, 64);
    FILE *stream = growing && first ? __stream_new(STREAM_NO_READ) : NULL;

    if (!stream) {
        free(growing);
        free(first);
        return NULL;
    }
    growing->program_data = data;
    growing->program_size = size;
    growing->data = *data = first;
    growing->room = 64;
    *size = 0;
    stream->cookie = growing;
    stream->operations = &growing_operations;
    return stream;
}
