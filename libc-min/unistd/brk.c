/* brk(2), sbrk(2). The kernel answers with the current break; a request that is too low or too high
 * leaves it as it was.
 *
 * Every call asks the kernel for the break, because the program, its allocator and others may all
 * move it. */
#include "syscall.h"
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

int brk(void *end)
{
    if ((void *)sys_call(SYS_brk, end) == end)
        return 0;
    errno = ENOMEM;
    return -1;
}

void *sbrk(intptr_t increment)
{
    uintptr_t old = (uintptr_t)sys_call(SYS_brk, 0), new;

    if (increment == 0)
        return (void *)old;
    if (increment > 0 ? __builtin_add_overflow(old, (uintptr_t)increment, &new)
                      : __builtin_sub_overflow(old, -(uintptr_t)increment, &new)) {
        errno = ENOMEM;
        return (void *)-1;
    }
    return brk((void *)new) == 0 ? (void *)old : (void *)-1;
}
