#include "scan.h"

int vfscanf(FILE *restrict stream, const char *restrict format, va_list arguments)
{
    struct input input = {.stream = stream};
    int held = stream_enter(stream), assigned;

    assigned = __scan(&input, format, arguments);
    stream_leave(stream, held);
    return assigned;
}

WEAK_ALIAS(vfscanf, __isoc99_vfscanf);
