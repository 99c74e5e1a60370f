#include "alias.h"
#include <stdarg.h>
#include <stdio.h>

int scanf(const char *restrict format, ...)
{
    va_list arguments;
    int assigned;

    va_start(arguments, format);
    assigned = vfscanf(stdin, format, arguments);
    va_end(arguments);
    return assigned;
}

WEAK_ALIAS(scanf, __isoc99_scanf);
