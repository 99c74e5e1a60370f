#include "scan.h"

int vsscanf(const char *restrict text, const char *restrict format, va_list arguments)
{
    struct input input = {.text = (const unsigned char *)text};

    return __scan(&input, format, arguments);
}

WEAK_ALIAS(vsscanf, __isoc99_vsscanf);
