/* fork(2), pthread_atfork(3).
 *
 * In this order:
 *  1. prepare handlers, last registered first   (they may still use the locks below)
 *  2. take the library's locks                  (in the child, no other thread exists to release
 *                                                them)
 *  3. the system call
 *  4. parent and child release the locks        (the child has one thread, with another tid)
 *  5. parent's or child's handlers, first registered first
 */
#include "base/linker.h"
#include "lock.h"
#include "syscall.h"
#include "thread.h"
#include "unload.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
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

/* The library's locks, NULL if their file is not in the program. Taken before the streams' and the
 * allocator's locks, because atexit() and setenv() allocate. */
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
    void (*run[3])(void); /* prepare, parent, child; NULL: none, or forgotten */
    struct handlers *next, *before;
};

/* Protects the list; not held while a handler runs, because a handler may call anything. fork()
 * holds the lock. Entries that are forgotten while a fork is under way stay in the list until that
 * fork has ended. */
static lock_t handlers_lock;
static struct handlers *oldest, *newest;
static int under_way;

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

HIDDEN void __atfork_forget(const void *start, const void *end);

static bool is_of(const struct handlers *entry, const void *start, const void *end)
{
    for (int i = 0; i < 3; i++)
        if (address_within((const void *)(uintptr_t)entry->run[i], start, end))
            return true;
    return false;
}

/* Removes the entries without a handler from the list; the caller holds the lock, and frees them
 * after it has released the lock. */
static struct handlers *handlers_sweep(void)
{
    struct handlers *next, *swept = NULL;

    for (struct handlers *entry = under_way ? NULL : oldest; entry; entry = next) {
        next = entry->next;
        if (entry->run[0] || entry->run[1] || entry->run[2])
            continue;
        *(entry->before ? &entry->before->next : &oldest) = entry->next;
        *(entry->next ? &entry->next->before : &newest) = entry->before;
        entry->next = swept;
        swept = entry;
    }
    return swept;
}

static void handlers_free(struct handlers *swept)
{
    while (swept) {
        struct handlers *next = swept->next;
        free(swept);
        swept = next;
    }
}

/* dlclose() of a library: forgets each entry that has a handler in it (as glibc). */
void __atfork_forget(const void *start, const void *end)
{
    lock_take(&handlers_lock);
    for (struct handlers *entry = oldest; entry; entry = entry->next)
        if (is_of(entry, start, end))
            memset(entry->run, 0, sizeof entry->run);
    struct handlers *swept = handlers_sweep();
    lock_release(&handlers_lock);
    handlers_free(swept);
}

static void handler_run(const struct handlers *entry, int when)
{
    lock_take(&handlers_lock);
    void (*run)(void) = entry->run[when];
    lock_release(&handlers_lock);
    if (run)
        run();
}

/* The next entry in one direction; NULL after `last`. */
static struct handlers *handlers_after(const struct handlers *entry, const struct handlers *last,
                                       bool back)
{
    lock_take(&handlers_lock);
    struct handlers *after = entry == last ? NULL : back ? entry->before : entry->next;
    lock_release(&handlers_lock);
    return after;
}

/* Runs the prepare handlers that are registered now, the newest first; returns the newest. */
static struct handlers *handlers_prepare(void)
{
    lock_take(&handlers_lock);
    under_way++;
    struct handlers *last = newest;
    lock_release(&handlers_lock);
    for (struct handlers *entry = last; entry; entry = handlers_after(entry, NULL, true))
        handler_run(entry, 0);
    return last;
}

/* Runs the handlers of the same entries, the oldest first. In the child no other fork is under way.
 */
static void handlers_finish(const struct handlers *last, int when)
{
    for (struct handlers *entry = last ? oldest : NULL; entry;
         entry = handlers_after(entry, last, false))
        handler_run(entry, when);
    lock_take(&handlers_lock);
    if (when == 2)
        under_way = 0;
    else if (under_way > 0) /* 0: in the child of a fork that one of these handlers made */
        under_way--;
    struct handlers *swept = handlers_sweep();
    lock_release(&handlers_lock);
    handlers_free(swept);
}

/* Async-signal-safe: no handlers, no locks. */
pid_t _Fork(void)
{
    unsigned long every = ~0UL, old;
    long answer;

    /* Signals are blocked: a handler in the child must see the new tid. */
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, &old, sizeof old);
    answer = sys_call(SYS_fork);
    if (answer == 0) {
        struct __pthread *self = thread_self();
        self->tid = (int)sys_call(SYS_set_tid_address, &self->tid);
        self->kill_lock = 0; /* a thread of the parent may have held it, to signal this thread */
        __thread_count = 1;
        __process.forks++;
        if (__exiting != self)
            __exiting = NULL; /* the thread that had begun to exit does not exist here */
    }
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof old);
    return (pid_t)__sys_result(answer);
}

pid_t fork(void)
{
    pid_t pid;
    int when;

    struct handlers *last = handlers_prepare();
    __linker->fork(0); /* first: constructors run under it, and take the other locks */
    locks_change(take);
    lock_take(&handlers_lock);
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
    lock_release(&handlers_lock);
    locks_change(release);
    __linker->fork(when);
    handlers_finish(last, when);
    return pid;
}
