/* eventfd(2). */
#include "syscall.h"
#include <sys/eventfd.h>

int eventfd(unsigned value, int flags)
{
    return (int)SYS(SYS_eventfd2, value, flags);
}
