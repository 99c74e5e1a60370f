#include "alias.h"
#include <stdarg.h>
#include <stdio.h>

int sscanf(const char *restrict text, const char *restrict format, ...)
{
    va_list arguments;
    int assigned;

    va_start(arguments, format);
    assigned = vsscanf(text, format, arguments);
    va_end(arguments);
    return assigned;
}

WEAK_ALIAS(sscanf, __isoc99_sscanf);
