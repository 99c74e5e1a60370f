#define WIDE
#include "scan.h"
#include <wchar.h>

int vfwscanf(FILE *restrict stream, const wchar_t *restrict format, va_list arguments)
{
    struct input input = {.stream = stream};
    int held = stream_enter(stream), assigned;

    stream_bind(stream);
    assigned = __scan(&input, format, arguments);
    stream_leave(stream, held);
    return assigned;
}

int vswscanf(const wchar_t *restrict text, const wchar_t *restrict format, va_list arguments)
{
    struct input input = {.text = text};

    return __scan(&input, format, arguments);
}

int vwscanf(const wchar_t *restrict format, va_list arguments)
{
    return vfwscanf(stdin, format, arguments);
}

WEAK_ALIAS(vfwscanf, __isoc99_vfwscanf);
WEAK_ALIAS(vswscanf, __isoc99_vswscanf);
WEAK_ALIAS(vwscanf, __isoc99_vwscanf);
