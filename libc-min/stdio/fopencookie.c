/* fopencookie(3): a stream on the program's functions. */
#include "stream.h"
#include "unload.h"
#include <errno.h>
#include <stdlib.h>

struct custom {
    void *cookie;
    cookie_io_functions_t functions;
};

/* Without a read function the stream is at its end; without a write function all data is lost. */
static ssize_t custom_read(FILE *stream, unsigned char *data, size_t size)
{
    struct custom *custom = stream->cookie;

    return custom->functions.read ? custom->functions.read(custom->cookie, (char *)data, size) : 0;
}

static ssize_t custom_write(FILE *stream, const unsigned char *data, size_t size)
{
    struct custom *custom = stream->cookie;

    if (!custom->functions.write)
        return (ssize_t)size;
    return custom->functions.write(custom->cookie, (const char *)data, size);
}

static off_t custom_seek(FILE *stream, off_t offset, int whence)
{
    struct custom *custom = stream->cookie;

    if (!custom->functions.seek) {
        errno = ESPIPE;
        return -1;
    }
    return custom->functions.seek(custom->cookie, &offset, whence) < 0 ? -1 : offset;
}

static int custom_close(FILE *stream)
{
    struct custom *custom = stream->cookie;
    int status = custom->functions.close ? custom->functions.close(custom->cookie) : 0;

    free(custom);
    return status;
}

static bool custom_within(const FILE *stream, const void *start, const void *end)
{
    const struct custom *custom = stream->cookie;
    const cookie_io_functions_t *functions = &custom->functions;

    return address_within((const void *)(uintptr_t)functions->read, start, end) ||
           address_within((const void *)(uintptr_t)functions->write, start, end) ||
           address_within((const void *)(uintptr_t)functions->seek, start, end) ||
           address_within((const void *)(uintptr_t)functions->close, start, end);
}

/* dlclose() of the library that has the functions: they write the buffered data; afterwards the
 * stream has no functions. */
static void custom_forget(FILE *stream, const void *start, const void *end)
{
    struct custom *custom = stream->cookie;

    (void)start, (void)end;
    __stream_sync_written(stream);
    custom->functions = (cookie_io_functions_t){NULL, NULL, NULL, NULL};
}

static const struct stream_operations custom_operations = {custom_read,   custom_write,
                                                           custom_seek,   custom_close,
                                                           custom_within, custom_forget};

FILE *fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions)
{
    unsigned flags;
    struct custom *custom;
    FILE *stream;

    if (__stream_mode(mode, &flags) < 0)
        return NULL;
    custom = malloc(sizeof *custom);
    if (!custom)
        return NULL;
    stream = __stream_new(flags & ~(unsigned)STREAM_UNDECIDED);
    if (!stream) {
        free(custom);
        return NULL;
    }
    custom->cookie = cookie;
    custom->functions = functions;
    stream->cookie = custom;
    stream->operations = &custom_operations;
    return stream;
}
