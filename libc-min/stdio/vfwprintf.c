#define WIDE
#include "format.h"
#include "stream.h"
#include <errno.h>
#include <stdint.h>
#include <wchar.h>

/* A failed write to the stream is reported at the end, with the errno of the first failure. */
static int format_stream(FILE *stream, const wchar_t *format, va_list arguments)
{
    wchar_t buffer[128];
    struct sink sink = {.next = buffer, .start = buffer, .end = buffer + 128, .stream = stream};
    int count, error;

    stream_bind(stream);
    if (!stream->write_start && __stream_to_write(stream))
        return -1;
    count = __format(&sink, format, arguments);
    error = errno;
    if (!__wide_sink_flush(&sink) || count < 0)
        errno = error;
    else
        count = -1;
    return count;
}

int vfwprintf(FILE *restrict stream, const wchar_t *restrict format, va_list arguments)
{
    int held = stream_enter(stream), count = format_stream(stream, format, arguments);

    stream_leave(stream, held);
    return count;
}

/* C17 7.29.2.3: a text that does not fit is an error; its length is not returned. */
int vswprintf(wchar_t *restrict wide, size_t room, const wchar_t *restrict format,
              va_list arguments)
{
    wchar_t none;
    struct sink sink = {.next = &none, .start = &none, .end = &none};
    int count;

    if (room > (UINTPTR_MAX - (uintptr_t)wide) / sizeof *wide)
        room = (UINTPTR_MAX - (uintptr_t)wide) / sizeof *wide;
    if (room)
        sink = (struct sink){.next = wide, .start = wide, .end = wide + (room - 1)};
    count = __format(&sink, format, arguments);
    *sink.next = 0;
    if (count >= 0 && (size_t)count >= room) {
        errno = EOVERFLOW;
        return -1;
    }
    return count;
}

int vwprintf(const wchar_t *restrict format, va_list arguments)
{
    return vfwprintf(stdout, format, arguments);
}
