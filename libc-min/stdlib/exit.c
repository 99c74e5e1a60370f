/* exit(3). */
#include "base/linker.h"
#include "syscall.h"
#include "thread.h"
#include <stdlib.h>
#include <unistd.h>

/* Absent in a program that registers nothing, or has no stream. */
void __cxa_finalize(void *object);
HIDDEN void __stdio_exit(void);
HIDDEN void __malloc_exit(void);
#pragma weak __cxa_finalize
#pragma weak __thread_destructors_run
#pragma weak __stdio_exit
#pragma weak __malloc_exit

_Noreturn void _Exit(int status)
{
    for (;;)
        sys_call(SYS_exit_group, status);
}
WEAK_ALIAS(_Exit, _exit);

HIDDEN void *volatile __exiting;

/* In this order: destructors of the thread's own variables (C++, [basic.start.term]); functions of
 * atexit() and destructors of C++, last registered first (they may print); the objects' own
 * destructors; the streams' buffers; what free() has put off; the end. */
_Noreturn void exit(int status)
{
    /* POSIX.1-2024: one of several threads that call exit() runs it; the others wait for the end.
     */
    void *nobody = NULL, *self = thread_self();

    if (!__atomic_compare_exchange_n(&__exiting, &nobody, self, 0, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE) &&
        nobody != self && __thread_count > 1)
        for (;;)
            sys_call(SYS_pause);
    if (__thread_destructors_run)
        __thread_destructors_run();
    if (__cxa_finalize)
        __cxa_finalize(NULL);
    __linker->destruct();
    if (__stdio_exit)
        __stdio_exit();
    if (__malloc_exit)
        __malloc_exit();
    _Exit(status);
}
