/* Lines into an array: fgets(). */
#include "stream.h"
#include <string.h>

static char *line_read(char *line, int size, FILE *stream)
{
    char *next = line;
    size_t room = size > 0 ? (size_t)size - 1 : 0, count;
    unsigned char *newline = NULL;
    int byte;

    if (size <= 0)
        return NULL;
    while (room && !newline) {
        count = (size_t)(stream->read_end - stream->read);
        if (!count) {
            byte = __stream_fill(stream);
            if (byte == EOF) {
                /* C17 7.21.7.2: at the end of the file, what was read is returned; after an error,
                 * it is not. */
                if (next == line || (stream->flags & STREAM_ERROR && !(stream->flags & STREAM_EOF)))
                    return NULL;
                break;
            }
            stream->read--;
            continue;
        }
        count = count < room ? count : room;
        newline = memchr(stream->read, '\n', count);
        if (newline)
            count = (size_t)(newline + 1 - stream->read);
        memcpy(next, stream->read, count);
        stream->read += count;
        next += count;
        room -= count;
    }
    *next = 0;
    return line;
}

char *fgets(char *restrict line, int size, FILE *restrict stream)
{
    int held = stream_enter(stream);

    line = line_read(line, size, stream);
    stream_leave(stream, held);
    return line;
}

WEAK_ALIAS(line_read, fgets_unlocked);
