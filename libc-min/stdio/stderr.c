#include "stream.h"

/* Unbuffered (C17 7.21.3): the buffer is `small`, of size 0. */
HIDDEN FILE __stderr_stream;
FILE __stderr_stream = {
    .descriptor = 2,
    .flags = STREAM_NO_READ | STREAM_PERMANENT,
};

#undef stderr
FILE *const stderr = &__stderr_stream;
