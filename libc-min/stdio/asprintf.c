#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most texts are short: one pass is enough, without a second to measure the length. */
int vasprintf(char **text, const char *format, va_list arguments)
{
    char first[256];
    va_list again;
    int count;

    va_copy(again, arguments);
    count = vsnprintf(first, sizeof first, format, again);
    va_end(again);
    if (count < 0 || !(*text = malloc((size_t)count + 1)))
        return -1;
    if ((size_t)count < sizeof first)
        memcpy(*text, first, (size_t)count + 1);
    else
        count = vsnprintf(*text, (size_t)count + 1, format, arguments);
    return count;
}

int asprintf(char **text, const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vasprintf(text, format, arguments);
    va_end(arguments);
    return count;
}
