/* What rt asks of the kernel: system calls, and no libc. Each answers as the kernel does: a
 * value, or -errno (errno(3)). */
#ifndef RT_SYSTEM_H
#define RT_SYSTEM_H

#include "arch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#define system_call(...)                                  SYSTEM_CALL_PICK(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0, 0)(__VA_ARGS__)
#define SYSTEM_CALL_PICK(n, a, b, c, d, e, f, count, ...) SYSTEM_CALL_##count
#define SYSTEM_CALL_0(n)                                  arch_syscall(n, 0, 0, 0, 0, 0, 0)
#define SYSTEM_CALL_1(n, a)                               arch_syscall(n, (long)(a), 0, 0, 0, 0, 0)
#define SYSTEM_CALL_2(n, a, b)                            arch_syscall(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define SYSTEM_CALL_3(n, a, b, c)                         arch_syscall(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define SYSTEM_CALL_4(n, a, b, c, d)                                                               \
    arch_syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define SYSTEM_CALL_5(n, a, b, c, d, e)                                                            \
    arch_syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define SYSTEM_CALL_6(n, a, b, c, d, e, f)                                                         \
    arch_syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* A mapping's address, or an error in its place. */
static inline bool system_failed(long answer)
{
    return (unsigned long)answer > -4096UL;
}

/* Writes one line and ends the process with 127, as a shell does for a program that it cannot
 * start. */
__attribute__((noreturn)) void system_die(const char *text);

/* Writes one line. */
void system_say(const char *text);

/* "No such file or directory" of ENOENT; "error N" of what a linker does not meet. Static. */
const char *system_error(long answer);

extern size_t system_page; /* AT_PAGESZ, bytes */

static inline uintptr_t page_down(uintptr_t address)
{
    return address & -system_page;
}
static inline uintptr_t page_up(uintptr_t address)
{
    return (address + system_page - 1) & -system_page;
}

#endif
