#include "process.h"
#include "syscall.h"
#include "thread.h"

/* Keeps the two instructions of sigreturn.S in every static program, even without a signal handler:
 * through them, a loader in user space (uexec) can enter the program with all registers set. The
 * relocation has no bytes; it makes ld fetch the object from libc.a. */
__asm__(".reloc ., R_X86_64_NONE, __signal_return");

enum { SET_FS = 0x1002 }; /* ARCH_SET_FS of the kernel's <asm/prctl.h> */

void __thread_pointer_set(struct __pthread *thread)
{
    if (sys_call(SYS_arch_prctl, SET_FS, thread) != 0)
        __process_die("the kernel refuses the thread pointer", thread);
}
