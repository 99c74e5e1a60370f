/* fork(2), pthread_atfork(3).
 *
 * In this order:
 *  1. prepare handlers, last registered first   (they may still use the locks below)
 *  2. the library's locks                       (the child must not find them held by a thread it
 *                                                has not got)
 *  3. the system call
 *  4. parent and child give the locks back; the child is alone and has another tid
 *  5. parent's or child's handlers, first registered first
 */
#include "linker.h"
#include "lock.h"
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#pragma weak __malloc_fork
#pragma weak __stdio_fork
#pragma weak __directories_fork
#pragma weak __abort_lock
#pragma weak __environ_lock
#pragma weak __exit_lock
#pragma weak __quick_exit_lock
#pragma weak __keys_lock
#pragma weak __random_lock
#pragma weak __time_zone_lock

/* Locks that the library holds while it may be forked by another thread; what is not in the program
 * is NULL. Before the streams' and the allocator's, because atexit() and setenv() allocate. */
extern HIDDEN lock_t __abort_lock, __environ_lock, __exit_lock, __quick_exit_lock, __keys_lock,
    __random_lock, __time_zone_lock;
static lock_t *const locks[] = {
    &__abort_lock, &__environ_lock, &__exit_lock,      &__quick_exit_lock,
    &__keys_lock,  &__random_lock,  &__time_zone_lock,
};

static void locks_change(void (*change)(volatile lock_t *))
{
    for (size_t i = 0; i < sizeof locks / sizeof locks[0]; i++)
        if (locks[i])
            change(locks[i]);
}

static void take(volatile lock_t *lock)
{
    lock_take(lock);
}

static void release(volatile lock_t *lock)
{
    lock_release(lock);
}

struct handlers {
    void (*run[3])(void); /* prepare, parent, child */
    struct handlers *next, *before;
};

static lock_t handlers_lock;
static struct handlers *oldest, *newest;

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    struct handlers *new = malloc(sizeof *new);

    if (!new)
        return ENOMEM;
    lock_take(&handlers_lock);
    *new = (struct handlers){.run = {prepare, parent, child}, .before = newest};
    if (newest)
        newest->next = new;
    else
        oldest = new;
    newest = new;
    lock_release(&handlers_lock);
    return 0;
}

static void handlers_run(int when)
{
    if (when == 0) {
        lock_take(&handlers_lock);
        for (struct handlers *entry = newest; entry; entry = entry->before)
            if (entry->run[0])
                entry->run[0]();
    } else {
        for (struct handlers *entry = oldest; entry; entry = entry->next)
            if (entry->run[when])
                entry->run[when]();
        lock_release(&handlers_lock);
    }
}

/* Async-signal-safe: no handlers, no locks. */
pid_t _Fork(void)
{
    unsigned long every = ~0UL, old;
    long answer;

    /* No handler may run in the child before it knows its own tid. */
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, &old, sizeof old);
    answer = sys_call(SYS_fork);
    if (answer == 0) {
        struct __pthread *self = thread_self();
        self->tid = (int)sys_call(SYS_set_tid_address, &self->tid);
        __thread_count = 1;
        __process.forks++;
        if (__exiting != self)
            __exiting = NULL; /* the thread that had begun to exit will not end this process */
    }
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof old);
    return (pid_t)__sys_result(answer);
}

pid_t fork(void)
{
    pid_t pid;
    int when;

    handlers_run(0);
    __linker->fork(0); /* first: constructors run under it, and take the others */
    locks_change(take);
    if (__directories_fork)
        __directories_fork(0);
    if (__stdio_fork)
        __stdio_fork(0);
    if (__malloc_fork)
        __malloc_fork(0);
    pid = _Fork();
    when = pid == 0 ? 2 : 1;
    if (__malloc_fork)
        __malloc_fork(when);
    if (__stdio_fork)
        __stdio_fork(when);
    if (__directories_fork)
        __directories_fork(when);
    locks_change(release);
    __linker->fork(when);
    handlers_run(when);
    return pid;
}
