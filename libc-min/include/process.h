/* What the library knows of its process, from the auxiliary vector and from what happened since. */
#ifndef LIBC_PROCESS_H
#define LIBC_PROCESS_H

#include "alias.h"
#include <elf.h>
#include <stddef.h>
#include <stdint.h>

struct process {
    /* filled by __process_start() from the stack the kernel made (psABI 3.4.1) */
    const Elf64_auxv_t *auxv; /* ends with AT_NULL; the stack's own */
    size_t page;              /* AT_PAGESZ, bytes */
    int secure;               /* AT_SECURE: set-user-ID and the like */

    /* set by pthread_create() before the second thread exists, and never cleared: from then on
     * locks are locks.  lock.h says why it may be read without an atomic operation. */
    int threaded;

    /* set by whatever gives threads a scheduling, and never cleared: waiters on a condition ask for
     * their priorities. */
    int real_time;

    /* set in each child of a fork(): how many forks it is away from an execve(). What another
     * thread began under another number nobody ends. */
    unsigned forks;
};

extern HIDDEN struct process __process;

/* Up to a multiple of the page; no overflow is looked for. */
static inline size_t page_round(size_t size)
{
    return (size + __process.page - 1) & -__process.page;
}

/* The auxiliary vector's value of a type, or 0. No errno: getauxval() sets that. */
HIDDEN unsigned long __process_auxv(unsigned long type);

/* Ends the process with one line on standard error, `PROGRAM: MESSAGE`, and SIGABRT: for what a
 * program cannot be told otherwise (a double free, a smashed stack).  Allocates nothing, takes no
 * lock, and may be called with any part of the library in any state.  `value` is appended as a
 * hexadecimal address if it is not NULL. */
HIDDEN _Noreturn void __process_die(const char *text, const void *value);

#endif
