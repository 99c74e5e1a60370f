#include "format.h"
#include <errno.h>
#include <limits.h>
#include <stdint.h>

int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list arguments)
{
    char none;
    struct sink sink = {0};
    int count;

    if (!size)
        text = &none;
    if (size > UINTPTR_MAX - (uintptr_t)text)
        size = UINTPTR_MAX - (uintptr_t)text;
    /* POSIX of 2008 demands EOVERFLOW for a size over INT_MAX. C does not, and programs rely on
     * that. */
    sink.next = sink.start = text;
    sink.end = text + (size ? size - 1 : 0);
    count = __format(&sink, format, arguments);
    *sink.next = 0;
    return count;
}

int vsprintf(char *restrict text, const char *restrict format, va_list arguments)
{
    return vsnprintf(text, INT_MAX, format, arguments);
}
