#include "stream.h"

static unsigned char buffer[STREAM_PUSHBACK + STREAM_BUFFER];

HIDDEN FILE __stdout_stream;
FILE __stdout_stream = {
    .buffer = buffer + STREAM_PUSHBACK,
    .size = STREAM_BUFFER,
    .descriptor = 1,
    .flags = STREAM_NO_READ | STREAM_UNDECIDED | STREAM_PERMANENT,
};

#undef stdout
FILE *const stdout = &__stdout_stream;
