/* pthread_kill(3). */
#include "hold.h"
#include "syscall.h"
#include <errno.h>
#include <signal.h>

int __thread_hold(pthread_t thread, unsigned long *mask)
{
    unsigned long every = ~0UL;

    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, mask, sizeof every);
    lock_take(&thread->kill_lock);
    return thread->gone ? 0 : thread->tid;
}

void __thread_release(pthread_t thread, const unsigned long *mask)
{
    lock_release(&thread->kill_lock);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, mask, NULL, sizeof *mask);
}

/* POSIX: no error for a thread that has ended and is not joined yet. */
int pthread_kill(pthread_t thread, int signal)
{
    unsigned long mask;
    int tid = __thread_hold(thread, &mask);
    long answer = tid ? sys_call(SYS_tgkill, sys_call(SYS_getpid), tid, signal)
                  : signal < 0 || signal >= _NSIG ? -EINVAL
                                                  : 0;

    __thread_release(thread, &mask);
    return (int)-answer;
}
