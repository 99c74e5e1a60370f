/* sigaction(2), signal(3) and related functions. */
#include "signals.h"
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* arch/<machine>/sigreturn.S: the return address of handlers. */
HIDDEN void __signal_return(void);

/* The kernel's struct sigaction. */
struct action {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

enum { RESTORER = 0x04000000 }; /* SA_RESTORER: x86-64's kernel delivers no signal without it */

int sigaction(int signal, const struct sigaction *restrict new, struct sigaction *restrict old)
{
    struct action to, from;
    long answer;

    if (!signal_is_program(signal)) {
        errno = EINVAL;
        return -1;
    }
    if (new) {
        to = (struct action){new->sa_handler, (unsigned long)new->sa_flags | RESTORER,
                             __signal_return, signal_set(&new->sa_mask)};
    }
    answer =
        sys_call(SYS_rt_sigaction, signal, new ? &to : NULL, old ? &from : NULL, SIGNAL_SET_SIZE);
    if (answer == 0 && old) {
        *old = (struct sigaction){.sa_flags = (int)(from.flags & ~(unsigned long)RESTORER)};
        old->sa_handler = from.handler;
        old->sa_mask.__bits[0] = from.mask;
    }
    return (int)__sys_result(answer);
}
ALIAS(sigaction, __sigaction);

/* As in BSD and glibc: the handler stays, and interrupted calls are restarted. */
void (*signal(int number, void (*handler)(int)))(int)
{
    struct sigaction new = {.sa_flags = SA_RESTART}, old = {0};

    new.sa_handler = handler;
    return __sigaction(number, &new, &old) == 0 ? old.sa_handler : SIG_ERR;
}
WEAK_ALIAS(signal, bsd_signal);
WEAK_ALIAS(signal, __sysv_signal);

/* Signals are blocked while the ids are read: a handler could fork(), and the child would signal
 * its parent. */
int raise(int signal)
{
    unsigned long every = ~0UL, old;
    long answer;

    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, &old, sizeof old);
    answer = sys_call(SYS_tgkill, sys_call(SYS_getpid), sys_call(SYS_gettid), signal);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof old);
    return (int)__sys_result(answer);
}

int kill(pid_t pid, int signal)
{
    return (int)SYS(SYS_kill, pid, signal);
}

int killpg(pid_t group, int signal)
{
    if (group < 0) {
        errno = EINVAL;
        return -1;
    }
    return kill(-group, signal);
}

int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    unsigned long mask = set ? signal_set(set) : 0;
    long answer = sys_call(SYS_rt_sigprocmask, how, set ? &mask : NULL, old, SIGNAL_SET_SIZE);

    if (old && !answer)
        old->__bits[0] = signal_set(old); /* inherited by execve(2), perhaps */
    return (int)-answer;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    return (int)__sys_result(-pthread_sigmask(how, set, old));
}

int sigpending(sigset_t *set)
{
    return (int)SYS(SYS_rt_sigpending, set, SIGNAL_SET_SIZE);
}

int sigsuspend(const sigset_t *set)
{
    unsigned long mask = signal_set(set);

    return (int)SYS(SYS_rt_sigsuspend, &mask, SIGNAL_SET_SIZE);
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
                 const struct timespec *restrict timeout)
{
    unsigned long wanted = signal_set(set);

    return (int)SYS(SYS_rt_sigtimedwait, &wanted, info, timeout, SIGNAL_SET_SIZE);
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
    return sigtimedwait(set, info, NULL);
}

int sigwait(const sigset_t *restrict set, int *restrict signal)
{
    unsigned long wanted = signal_set(set);
    long answer;

    do
        answer = sys_call(SYS_rt_sigtimedwait, &wanted, NULL, NULL, SIGNAL_SET_SIZE);
    while (answer == -EINTR); /* POSIX: no EINTR here */
    if (answer < 0)
        return (int)-answer;
    *signal = (int)answer;
    return 0;
}

int sigqueue(pid_t pid, int signal, const union sigval value)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    info.si_signo = signal;
    info.si_code = SI_QUEUE;
    info.si_value = value;
    info.si_uid = (uid_t)sys_call(SYS_getuid);
    info.si_pid = (pid_t)sys_call(SYS_getpid);
    return (int)SYS(SYS_rt_sigqueueinfo, pid, signal, &info);
}

int sigaltstack(const stack_t *restrict new, stack_t *restrict old)
{
    if (new && !(new->ss_flags &SS_DISABLE) && new->ss_size < MINSIGSTKSZ) {
        errno = ENOMEM;
        return -1;
    }
    return (int)SYS(SYS_sigaltstack, new, old);
}

int siginterrupt(int signal, int flag)
{
    struct sigaction action;

    if (__sigaction(signal, NULL, &action) != 0)
        return -1;
    if (flag)
        action.sa_flags &= ~SA_RESTART;
    else
        action.sa_flags |= SA_RESTART;
    return __sigaction(signal, &action, NULL);
}

int __libc_current_sigrtmin(void)
{
    return SIGNAL_OWN_LAST + 1;
}

int __libc_current_sigrtmax(void)
{
    return _NSIG - 1;
}
