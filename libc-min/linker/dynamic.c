/* libc.so: the dynamic linker that mapped it fills this in (linker.h). */
#include "linker.h"
#include "syscall.h"
#include <string.h>

const struct linker *__linker;

void __linker_check(void)
{
    static const char text[] = "libc.so: no linker of version 1 has started this program "
                               "(it needs ld-uexec.so.1)\n";

    if (__linker && __linker->version == LINKER_VERSION)
        return;
    sys_call(SYS_write, 2, text, sizeof text - 1);
    for (;;)
        sys_call(SYS_exit_group, 127);
}
