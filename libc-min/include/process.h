/* What the library knows about its process, from the auxiliary vector and from later events. */
#ifndef LIBC_PROCESS_H
#define LIBC_PROCESS_H

#include "alias.h"
#include <elf.h>
#include <stddef.h>
#include <stdint.h>

struct process {
    /* filled by __process_start() from the stack that the kernel made (psABI 3.4.1) */
    const Elf64_auxv_t *auxv; /* on the stack; ends with AT_NULL */
    size_t page;              /* AT_PAGESZ, bytes */
    int secure;               /* AT_SECURE: set-user-ID and the like */

    /* set by pthread_create() before the second thread exists, and never cleared: from then on,
     * locks use atomic instructions. lock.h says why a plain read is enough. */
    int threaded;

    /* set by every function that sets a thread's scheduling, and never cleared: from then on, a
     * thread that waits for a condition reads its own priority */
    int real_time;

    /* set in each child of a fork(): the number of forks since execve(). In the child, no thread
     * exists to end an operation that began under another number. */
    unsigned forks;
};

extern HIDDEN struct process __process;

/* Rounds up to a multiple of the page size, without a check for overflow. */
static inline size_t page_round(size_t size)
{
    return (size + __process.page - 1) & -__process.page;
}

/* The value of an entry in the auxiliary vector, or 0. Leaves errno alone: getauxval() sets it. */
HIDDEN unsigned long __process_auxv(unsigned long type);

/* Ends the process with one line on standard error, `PROGRAM: MESSAGE`, and SIGABRT: for errors
 * that no return value can report (a double free, a smashed stack). Allocates nothing, takes no
 * lock, and may be called with any part of the library in any state. `value` is appended as a
 * hexadecimal address if it is not NULL. */
HIDDEN _Noreturn __attribute__((cold)) void __process_die(const char *text, const void *value);

#endif
