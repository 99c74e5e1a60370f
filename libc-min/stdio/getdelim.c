/* Lines of any length: getdelim(), getline(), fgetln(). */
#include "stream.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for `need` bytes. A larger line gets half as much again, so that the cost of a long
 * line stays linear in its length. */
static int line_grow(char **line, size_t *size, size_t need)
{
    size_t wanted = need < SSIZE_MAX / 2 ? need + need / 2 + 16 : need;
    char *larger;

    if (need > SSIZE_MAX) {
        errno = EOVERFLOW;
        return -1;
    }
    larger = realloc(*line, wanted);
    if (!larger)
        return -1;
    *line = larger;
    *size = wanted;
    return 0;
}

static ssize_t line_read(char **restrict line, size_t *restrict size, int delimiter, FILE *stream)
{
    unsigned char *found = NULL;
    size_t length = 0, count;

    if (!line || !size) {
        stream->flags |= STREAM_ERROR;
        errno = EINVAL;
        return -1;
    }
    if (!*line)
        *size = 0;
    while (!found) {
        count = (size_t)(stream->read_end - stream->read);
        if (!count) {
            if (__stream_fill(stream) == EOF) {
                if (!length || !(stream->flags & STREAM_EOF))
                    return -1;
                break;
            }
            stream->read--;
            continue;
        }
        found = memchr(stream->read, delimiter, count);
        if (found)
            count = (size_t)(found + 1 - stream->read);
        if (length + count >= *size && line_grow(line, size, length + count + 1)) {
            stream->flags |= STREAM_ERROR;
            return -1;
        }
        memcpy(*line + length, stream->read, count);
        stream->read += count;
        length += count;
    }
    (*line)[length] = 0;
    return (ssize_t)length;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict stream)
{
    int held = stream_enter(stream);
    ssize_t length = line_read(line, size, delimiter, stream);

    stream_leave(stream, held);
    return length;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict stream)
{
    return getdelim(line, size, '\n', stream);
}

WEAK_ALIAS(getdelim, __getdelim);

/* BSD: the line belongs to the stream, is valid until the next operation on it, and has no
 * terminator. */
char *fgetln(FILE *stream, size_t *length)
{
    int held = stream_enter(stream);
    ssize_t count = line_read(&stream->line, &stream->line_size, '\n', stream);

    stream_leave(stream, held);
    *length = count > 0 ? (size_t)count : 0;
    return count > 0 ? stream->line : NULL;
}
