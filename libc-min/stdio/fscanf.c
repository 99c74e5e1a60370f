#include "alias.h"
#include <stdarg.h>
#include <stdio.h>

int fscanf(FILE *restrict stream, const char *restrict format, ...)
{
    va_list arguments;
    int assigned;

    va_start(arguments, format);
    assigned = vfscanf(stream, format, arguments);
    va_end(arguments);
    return assigned;
}

WEAK_ALIAS(fscanf, __isoc99_fscanf);
