#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

int wprintf(const wchar_t *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vfwprintf(stdout, format, arguments);
    va_end(arguments);
    return count;
}

int fwprintf(FILE *restrict stream, const wchar_t *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vfwprintf(stream, format, arguments);
    va_end(arguments);
    return count;
}

int swprintf(wchar_t *restrict wide, size_t room, const wchar_t *restrict format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vswprintf(wide, room, format, arguments);
    va_end(arguments);
    return count;
}
