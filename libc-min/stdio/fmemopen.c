/* fmemopen(): a stream on the program's array. POSIX.1-2008, and its defect reports on the place of
 * the null byte. */
#include "stream.h"
#include "unload.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

struct array {
    unsigned char *data;
    size_t size;   /* of the array, bytes */
    size_t length; /* of the contents: the end for reading, and for SEEK_END */
    size_t position;
    unsigned char *copy; /* the array, after dlclose() of the program's; else NULL */
    unsigned char own[]; /* the array, if the program gave none */
};

static ssize_t array_read(FILE *stream, unsigned char *data, size_t size)
{
    struct array *array = stream->cookie;
    size_t left = array->position < array->length ? array->length - array->position : 0;

    size = size < left ? size : left;
    memcpy(data, array->data + array->position, size);
    array->position += size;
    return (ssize_t)size;
}

static ssize_t array_write(FILE *stream, const unsigned char *data, size_t size)
{
    struct array *array = stream->cookie;

    if (stream->flags & STREAM_APPEND)
        array->position = array->length;
    if (size && array->position >= array->size) {
        errno = ENOSPC;
        return -1;
    }
    if (size > array->size - array->position)
        size = array->size - array->position;
    memcpy(array->data + array->position, data, size);
    array->position += size;
    if (array->position > array->length) {
        array->length = array->position;
        if (array->length < array->size)
            array->data[array->length] = 0;
        else if (stream->flags & STREAM_NO_READ)
            array->data[array->size - 1] = 0; /* ends the string */
    }
    return (ssize_t)size;
}

static off_t array_seek(FILE *stream, off_t offset, int whence)
{
    struct array *array = stream->cookie;
    off_t base = whence == SEEK_SET   ? 0
                 : whence == SEEK_CUR ? (off_t)array->position
                                      : (off_t)array->length;

    if (__builtin_add_overflow(base, offset, &base) || base < 0 || (size_t)base > array->size) {
        errno = EINVAL;
        return -1;
    }
    array->position = (size_t)base;
    return base;
}

static int array_close(FILE *stream)
{
    struct array *array = stream->cookie;

    free(array->copy);
    free(array);
    return 0;
}

static bool array_within(const FILE *stream, const void *start, const void *end)
{
    const struct array *array = stream->cookie;

    return address_within(array->data, start, end);
}

/* dlclose() of the library that has the array: the stream continues with a copy. Without memory for
 * a copy, the array is empty, and every write fails. */
static void array_forget(FILE *stream, const void *start, const void *end)
{
    struct array *array = stream->cookie;

    (void)start, (void)end;
    array->copy = malloc(array->size);
    if (array->copy)
        memcpy(array->copy, array->data, array->size);
    else
        array->size = array->length = array->position = 0;
    array->data = array->copy ? array->copy : array->own;
}

static const struct stream_operations array_operations = {array_read,  array_write,  array_seek,
                                                          array_close, array_within, array_forget};

FILE *fmemopen(void *restrict data, size_t size, const char *restrict mode)
{
    unsigned flags;
    int open_flags = __stream_mode(mode, &flags);
    struct array *array;
    FILE *stream;

    if (open_flags < 0)
        return NULL;
    if (!data && size > PTRDIFF_MAX - sizeof *array) {
        errno = ENOMEM;
        return NULL;
    }
    array = calloc(1, sizeof *array + (data ? 0 : size));
    if (!array)
        return NULL;
    stream = __stream_new(flags & ~(unsigned)STREAM_UNDECIDED);
    if (!stream) {
        free(array);
        return NULL;
    }
    array->data = data ? data : array->own;
    array->size = size;
    if (open_flags & O_TRUNC) {
        if (size)
            array->data[0] = 0;
    } else if (open_flags & O_APPEND) {
        unsigned char *end = size ? memchr(array->data, 0, size) : NULL;

        array->length = array->position = end ? (size_t)(end - array->data) : size;
    } else {
        array->length = size;
    }
    stream->cookie = array;
    stream->operations = &array_operations;
    return stream;
}
