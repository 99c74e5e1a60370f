/* times(2). */
#include "syscall.h"
#include <sys/times.h>

/* Any answer is a time, a negative one as well (times(2)). */
clock_t times(struct tms *buffer)
{
    return sys_call(SYS_times, buffer);
}
