#include "alias.h"
#include <stdarg.h>
#include <stdio.h>

int vscanf(const char *restrict format, va_list arguments)
{
    return vfscanf(stdin, format, arguments);
}

WEAK_ALIAS(vscanf, __isoc99_vscanf);
