/* times(2). */
#include "syscall.h"
#include <sys/times.h>

/* Any result is a time, even a negative one (times(2)). */
clock_t times(struct tms *buffer)
{
    return sys_call(SYS_times, buffer);
}
