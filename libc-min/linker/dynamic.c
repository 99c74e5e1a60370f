/* libc.so: the dynamic linker that mapped it fills this in (linker.h). */
#include "alias.h"
#include "linker.h"
#include "syscall.h"
#include "thread.h"
#include <string.h>

HIDDEN void __exit_unload(const void *start, const void *end);

const struct linker *__linker;

const struct linker_client __linker_client = {
    .version = LINKER_VERSION,
    .control_align = _Alignof(struct __pthread),
    .control_size = sizeof(struct __pthread),
    .unload = __exit_unload,
};

void __linker_check(void)
{
    static const char text[] = "libc.so: no linker of version 2 has started this program "
                               "(it needs ld-uexec.so.1)\n";

    if (__linker && __linker->version == LINKER_VERSION)
        return;
    sys_call(SYS_write, 2, text, sizeof text - 1);
    for (;;)
        sys_call(SYS_exit_group, 127);
}
