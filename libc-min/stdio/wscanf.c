#include "alias.h"
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

int wscanf(const wchar_t *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vfwscanf(stdin, format, arguments);
    va_end(arguments);
    return count;
}

int fwscanf(FILE *restrict stream, const wchar_t *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vfwscanf(stream, format, arguments);
    va_end(arguments);
    return count;
}

int swscanf(const wchar_t *restrict text, const wchar_t *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vswscanf(text, format, arguments);
    va_end(arguments);
    return count;
}

WEAK_ALIAS(wscanf, __isoc99_wscanf);
WEAK_ALIAS(fwscanf, __isoc99_fwscanf);
WEAK_ALIAS(swscanf, __isoc99_swscanf);
