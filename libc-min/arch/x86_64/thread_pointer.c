#include "process.h"
#include "syscall.h"
#include "thread.h"

enum { SET_FS = 0x1002 }; /* ARCH_SET_FS of the kernel's <asm/prctl.h> */

void __thread_pointer_set(struct __pthread *thread)
{
    if (sys_call(SYS_arch_prctl, SET_FS, thread) != 0)
        __process_die("the kernel refuses the thread pointer", thread);
}
