/* uname(2). */
#include "syscall.h"
#include <sys/utsname.h>

int uname(struct utsname *to)
{
    return (int)SYS(SYS_uname, to);
}
