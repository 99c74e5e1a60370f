/* abort(3). */
#include "lock.h"
#include "syscall.h"
#include <signal.h>
#include <stdlib.h>

HIDDEN lock_t __abort_lock; /* fork() takes it */

/* In this order:
 *  1. raise SIGABRT                                  (ISO C 7.22.4.1; a handler may catch it)
 *  2. if the handler returns: default action, unblocked, raise again   (POSIX: ends the process)
 * The lock keeps the second steps of two threads apart, and a child of fork() does not find a
 * second step half done. */
_Noreturn void abort(void)
{
    unsigned long every = ~0UL, abort_only = 1UL << (SIGABRT - 1);
    struct {
        void (*handler)(int);
        unsigned long flags;
        void *restorer;
        unsigned long mask;
    } by_default = {0};
    long pid, tid;

    raise(SIGABRT);
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, NULL, sizeof every);
    lock_take(&__abort_lock);
    pid = sys_call(SYS_getpid);
    tid = sys_call(SYS_gettid);
    sys_call(SYS_rt_sigaction, SIGABRT, &by_default, NULL, sizeof every);
    sys_call(SYS_tgkill, pid, tid, SIGABRT);
    sys_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &abort_only, NULL, sizeof every);
    for (;;)
        sys_call(SYS_exit_group, 127);
}
