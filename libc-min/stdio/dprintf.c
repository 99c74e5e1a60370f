/* dprintf(): a temporary stream on the program's descriptor. */
#include "format.h"
#include "stream.h"

int vdprintf(int descriptor, const char *restrict format, va_list arguments)
{
    unsigned char buffer[512];
    FILE stream = {.buffer = buffer,
                   .size = sizeof buffer,
                   .descriptor = descriptor,
                   .flags = STREAM_NO_READ};
    int count = __format_stream(&stream, format, arguments);

    return __stream_flush(&stream) ? -1 : count;
}

int dprintf(int descriptor, const char *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vdprintf(descriptor, format, arguments);
    va_end(arguments);
    return count;
}
