#include "stream.h"
#include <string.h>

int puts(const char *text)
{
    size_t size = strlen(text);
    int held = stream_enter(stdout), failed;

    failed = __stream_put(stdout, text, size) != size || stream_putc(stdout, '\n') == EOF;
    stream_leave(stdout, held);
    return failed ? EOF : 0;
}
