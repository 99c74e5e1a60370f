#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

int snprintf(char *restrict text, size_t size, const char *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return count;
}

int sprintf(char *restrict text, const char *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vsnprintf(text, INT_MAX, format, arguments);
    va_end(arguments);
    return count;
}
