/* The functions that gcc -D_FORTIFY_SOURCE calls instead of the printf family, with glibc's
 * headers: Debian's libelf.a and libz.a are built so. The flag asks for checks of the format, which
 * are not made here. A known object size that is too small for the text is fatal. */
#include "process.h"
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

int __vsnprintf_chk(char *text, size_t size, int flag, size_t object, const char *format,
                    va_list arguments);
int __snprintf_chk(char *text, size_t size, int flag, size_t object, const char *format, ...);
int __vsprintf_chk(char *text, int flag, size_t object, const char *format, va_list arguments);
int __sprintf_chk(char *text, int flag, size_t object, const char *format, ...);
int __vfprintf_chk(FILE *stream, int flag, const char *format, va_list arguments);
int __fprintf_chk(FILE *stream, int flag, const char *format, ...);
int __printf_chk(int flag, const char *format, ...);

int __vsnprintf_chk(char *text, size_t size, int flag, size_t object, const char *format,
                    va_list arguments)
{
    (void)flag;
    if (size > object)
        __process_die("buffer overflow in snprintf", NULL);
    return vsnprintf(text, size, format, arguments);
}

int __snprintf_chk(char *text, size_t size, int flag, size_t object, const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = __vsnprintf_chk(text, size, flag, object, format, arguments);
    va_end(arguments);
    return count;
}

int __vsprintf_chk(char *text, int flag, size_t object, const char *format, va_list arguments)
{
    int count = vsnprintf(text, object > INT_MAX ? INT_MAX : object, format, arguments);

    (void)flag;
    if (count >= 0 && (size_t)count >= object)
        __process_die("buffer overflow in sprintf", NULL);
    return count;
}

int __sprintf_chk(char *text, int flag, size_t object, const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = __vsprintf_chk(text, flag, object, format, arguments);
    va_end(arguments);
    return count;
}

int __vfprintf_chk(FILE *stream, int flag, const char *format, va_list arguments)
{
    (void)flag;
    return vfprintf(stream, format, arguments);
}

int __fprintf_chk(FILE *stream, int flag, const char *format, ...)
{
    va_list arguments;
    int count;

    (void)flag;
    va_start(arguments, format);
    count = vfprintf(stream, format, arguments);
    va_end(arguments);
    return count;
}

int __printf_chk(int flag, const char *format, ...)
{
    va_list arguments;
    int count;

    (void)flag;
    va_start(arguments, format);
    count = vfprintf(stdout, format, arguments);
    va_end(arguments);
    return count;
}
