/* ioctl(2). */
#include "syscall.h"
#include <stdarg.h>
#include <sys/ioctl.h>

int ioctl(int fd, int request, ...)
{
    va_list rest;
    long argument;

    va_start(rest, request);
    argument = va_arg(rest, long);
    va_end(rest);
    return (int)SYS(SYS_ioctl, fd, request, argument);
}
