/* Signals: the library's own, 32 to SIGRTMIN - 1, stay out of programs' sets and masks; raise(3)
 * when a handler forks. */
#include "check.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

/* The kernel's signals of a set, as a word. */
#define WORD(set) (*(unsigned long *)(set))

static unsigned long own(void)
{
    unsigned long mask = 0;

    for (int signal = 32; signal < SIGRTMIN; signal++)
        mask |= 1UL << (signal - 1);
    return mask;
}

/* What this thread blocks, as the kernel has it. */
static unsigned long blocked(void)
{
    unsigned long mask = 0;

    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
    return mask;
}

static volatile unsigned long seen;
static volatile int handled;

static void handle(int signal)
{
    seen = blocked();
    handled++;
}

static void (*set_default(int number))(int)
{
    return signal(number, SIG_DFL);
}

static void sets(void)
{
    struct sigaction action = {.sa_handler = handle};
    sigset_t set, other;

    sigfillset(&set);
    CHECK_IS(WORD(&set) & own(), 0);
    CHECK_IS(WORD(&set) | own(), -1);
    for (int signal = 1; signal <= 64; signal++) {
        int bad = signal >= 32 && signal < SIGRTMIN ? -1 : 0;
        sigemptyset(&set);
        errno = 0;
        CHECK_IS(sigaddset(&set, signal), bad);
        CHECK_IS(errno, bad ? EINVAL : 0);
        CHECK_IS(WORD(&set), bad ? 0 : 1UL << (signal - 1));
        CHECK_IS(sigismember(&set, signal), !bad);
        CHECK_IS(sigdelset(&set, signal), bad);
        CHECK_IS(WORD(&set), 0);
        errno = 0;
        if (signal != SIGKILL && signal != SIGSTOP) {
            CHECK_IS(sigaction(signal, NULL, &action), bad);
            CHECK_IS(errno, bad ? EINVAL : 0);
            CHECK_IS(sigaction(signal, &action, NULL), bad);
            CHECK_IS(siginterrupt(signal, 0), bad);
            CHECK((set_default(signal) == SIG_ERR) == (bad != 0));
        }
    }
    CHECK_IS(sigaction(0, NULL, &action), -1);
    CHECK_IS(sigaction(65, NULL, &action), -1);
    errno = 0;
    CHECK(sigaddset(&set, 0) == -1 && errno == EINVAL);
    errno = 0;
    CHECK(sigaddset(&set, 65) == -1 && errno == EINVAL);
    errno = 0;
    CHECK(sigaddset(&set, -1) == -1 && errno == EINVAL);
}

/* A set made by hand has all bits, and still blocks none of the library's. (musl passes it on.) */
static void masks(void)
{
#if defined(__GLIBC__) || defined(LIBC_MIN)
    sigset_t all, old;

    memset(&all, 255, sizeof all);
    CHECK_IS(sigprocmask(SIG_SETMASK, &all, NULL), 0);
    CHECK_IS(blocked() & own(), 0);
    CHECK(blocked() & 1UL << (SIGUSR1 - 1) && blocked() & 1UL << 63);
    CHECK_IS(sigprocmask(SIG_UNBLOCK, &all, &old), 0);
    CHECK_IS(blocked(), 0);
    CHECK_IS(pthread_sigmask(SIG_BLOCK, &all, NULL), 0);
    CHECK_IS(blocked() & own(), 0);
    CHECK_IS(pthread_sigmask(SIG_SETMASK, &old, &all), 0);
    CHECK_IS(WORD(&all) & own(), 0);
    sigemptyset(&all);
    CHECK_IS(sigprocmask(SIG_SETMASK, &all, NULL), 0);
#endif
    sigset_t none;
    unsigned long every = ~0UL;

    /* whoever started this process has blocked them; glibc tells that */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every, NULL, sizeof every);
    CHECK_IS(sigprocmask(SIG_BLOCK, NULL, &none), 0);
#ifndef __GLIBC__
    CHECK_IS(WORD(&none) & own(), 0);
#endif
    sigemptyset(&none);
    CHECK_IS(sigprocmask(SIG_SETMASK, &none, NULL), 0);
    CHECK_IS(blocked(), 0);
    CHECK_IS(pthread_sigmask(77, &none, NULL), EINVAL);
    errno = 0;
    CHECK(sigprocmask(77, &none, NULL) == -1 && errno == EINVAL);
}

/* SIGALRM waits, blocked; each call lets it in, and no other: its handler sees the call's mask. */
static void calls_masks(void)
{
#ifdef LIBC_MIN
    struct timespec time = {20, 0};
    struct epoll_event event;
    int descriptor = epoll_create1(0), answer = 0, caught = 0;
    struct sigaction action = {.sa_handler = handle};
    sigset_t most, alarm_only;

    memset(&most, 255, sizeof most);
    WORD(&most) &= ~(1UL << (SIGALRM - 1));
    action.sa_mask = most;
    CHECK_IS(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_IS(sigaction(SIGALRM, NULL, &action), 0);
    CHECK_IS(WORD(&action.sa_mask) & own(), 0);
    handled = 0;
    raise(SIGALRM); /* the handler's own mask */
    CHECK_IS(handled, 1);
    CHECK_IS(seen, ~own() & ~(1UL << (SIGKILL - 1)) & ~(1UL << (SIGSTOP - 1)));

    sigemptyset(&action.sa_mask);
    CHECK_IS(sigaction(SIGALRM, &action, NULL), 0);
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm_only, NULL);
    for (int call = 0; call < 4; call++) {
        handled = 0;
        seen = 0;
        kill(getpid(), SIGALRM);
        switch (call) {
        case 0:
            answer = sigsuspend(&most);
            break;
        case 1:
            answer = ppoll(NULL, 0, &time, &most);
            break;
        case 2:
            answer = pselect(0, NULL, NULL, NULL, &time, &most);
            break;
        case 3:
            answer = epoll_pwait(descriptor, &event, 1, 20000, &most);
            break;
        }
        CHECK_IS(answer, -1);
        CHECK_IS(errno, EINTR);
        CHECK_IS(handled, 1);
        CHECK_IS(seen, ~own() & ~(1UL << (SIGKILL - 1)) & ~(1UL << (SIGSTOP - 1)));
    }
    close(descriptor);
    time.tv_sec = 0; /* none of the library's is waited for */
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGALRM);
    memset(&most, 255, sizeof most);
    CHECK_IS(sigtimedwait(&most, NULL, &time), SIGALRM);
    kill(getpid(), SIGALRM);
    CHECK_IS(sigwait(&most, &caught), 0);
    CHECK_IS(caught, SIGALRM);
    CHECK_IS(ppoll(NULL, 0, &time, NULL), 0);
    CHECK_IS(pselect(0, NULL, NULL, NULL, &time, NULL), 0);
    sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
#endif
}

static volatile int raised, forks, is_child, bad_children;

static void count_raise(int signal)
{
    raised++;
}

/* The child goes on in whatever this interrupted. */
static void fork_here(int signal)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        is_child = 1;
        return;
    }
    while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
        ;
    bad_children += status != 0;
    forks++;
}

/* Each raise() is one signal in the process that called it: a child that was made in the middle of
 * it raises its own, and not its parent's. */
static void raise_and_fork(void)
{
    struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
    struct sigaction fork_action = {.sa_handler = fork_here, .sa_flags = SA_RESTART};
    struct sigaction count_action = {.sa_handler = count_raise, .sa_flags = SA_RESTART};
    int bad = 0;

    sigaction(SIGALRM, &fork_action, NULL);
    sigaction(SIGUSR1, &count_action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    while (forks < 200 && !bad && !bad_children) {
        int before = raised;
        CHECK_IS(raise(SIGUSR1), 0);
        bad = raised != before + 1;
        if (is_child)
            _exit(bad);
    }
    setitimer(ITIMER_REAL, &never, NULL);
    CHECK_IS(bad, 0);
    CHECK_IS(bad_children, 0);
    errno = 0;
    CHECK(raise(65) == -1 && errno == EINVAL);
    CHECK_IS(raise(0), 0);
}

int main(void)
{
    sets();
    masks();
    calls_masks();
#ifndef __GLIBC__ /* 2.36 blocks nothing between gettid() and tgkill() */
    raise_and_fork();
#endif
    return check_end();
}
