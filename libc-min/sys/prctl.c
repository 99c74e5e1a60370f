/* prctl(2). */
#include "syscall.h"
#include <stdarg.h>
#include <sys/prctl.h>

int prctl(int operation, ...)
{
    va_list rest;
    unsigned long value[4];

    va_start(rest, operation);
    for (int i = 0; i < 4; i++)
        value[i] = va_arg(rest, unsigned long);
    va_end(rest);
    return (int)SYS(SYS_prctl, operation, value[0], value[1], value[2], value[3]);
}
