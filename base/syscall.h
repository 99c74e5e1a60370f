/* System calls without errno. The numbers are SYS_* of <sys/syscall.h>; the instruction is in
 * arch/<machine>/syscall_arch.h.
 *
 * sys_call(SYS_x, ...) counts its arguments, converts each to long, and is the kernel's own answer:
 * a value, or -errno (errno(3)). */
#ifndef BASE_SYSCALL_H
#define BASE_SYSCALL_H

#include "syscall_arch.h"

#include <stdbool.h>
#include <sys/syscall.h>

#define SYS_PICK(a, b, c, d, e, f, g, h, ...) h
#define SYS_COUNT(...)                        SYS_PICK(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0, 0)
#define SYS_JOIN_(a, b)                       a##b
#define SYS_JOIN(a, b)                        SYS_JOIN_(a, b)
#define sys_call(...)                         SYS_JOIN(sys_args, SYS_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define sys_args0(n)                          sys_call0(n)
#define sys_args1(n, a)                       sys_call1(n, (long)(a))
#define sys_args2(n, a, b)                    sys_call2(n, (long)(a), (long)(b))
#define sys_args3(n, a, b, c)                 sys_call3(n, (long)(a), (long)(b), (long)(c))
#define sys_args4(n, a, b, c, d)              sys_call4(n, (long)(a), (long)(b), (long)(c), (long)(d))
#define sys_args5(n, a, b, c, d, e)                                                                \
    sys_call5(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))
#define sys_args6(n, a, b, c, d, e, f)                                                             \
    sys_call6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* Is the answer an error, -4095 to -1? For calls that may return an address. */
static inline bool sys_failed(long answer)
{
    return (unsigned long)answer > -4096UL;
}

#endif
