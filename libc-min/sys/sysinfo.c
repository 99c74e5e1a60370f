/* sysinfo(2). */
#include "syscall.h"
#include <sys/sysinfo.h>

int sysinfo(struct sysinfo *to)
{
    return (int)SYS(SYS_sysinfo, to);
}
