#include "stream.h"

static unsigned char buffer[STREAM_PUSHBACK + STREAM_BUFFER];

HIDDEN FILE __stdin_stream;
FILE __stdin_stream = {
    .buffer = buffer + STREAM_PUSHBACK,
    .size = STREAM_BUFFER,
    .descriptor = 0,
    .flags = STREAM_NO_WRITE | STREAM_PERMANENT,
};

#undef stdin
FILE *const stdin = &__stdin_stream;
