/* Strings: fputs(), puts(). */
#include "stream.h"
#include <string.h>

static int text_write(const char *text, FILE *stream)
{
    size_t size = strlen(text);

    return __stream_put(stream, text, size) == size ? 0 : EOF;
}

int fputs(const char *restrict text, FILE *restrict stream)
{
    int held = stream_enter(stream), status = text_write(text, stream);

    stream_leave(stream, held);
    return status;
}

WEAK_ALIAS(text_write, fputs_unlocked);
