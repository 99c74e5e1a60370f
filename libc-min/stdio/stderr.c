#include "stream.h"

/* Unbuffered (C17 7.21.3): the buffer is made of `small`, and has no room. */
HIDDEN FILE __stderr_stream;
FILE __stderr_stream = {
    .descriptor = 2,
    .flags = STREAM_NO_READ | STREAM_PERMANENT,
};

#undef stderr
FILE *const stderr = &__stderr_stream;
