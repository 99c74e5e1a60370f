/* pthread_cond_*(3).
 *
 * POSIX: a signal wakes one of the threads that are blocked when it is sent, by their priorities. A
 * thread that waits later may not take the signal. So the waiters do not share a word for futex(2):
 * that would wake the waiter of the highest priority, whenever it came.
 *
 * Within a process, the waiters are in a list, by priority and then the oldest first, each with a
 * word of its own. Between processes, each waiter takes a ticket, and the oldest tickets are called
 * first. */
#include "futex.h"
#include "lock.h"
#include "process.h"
#include "thread.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

/* On the waiting thread's stack; the condition's lock protects all fields but `woken`. */
struct waiter {
    struct waiter *next, *before;
    int priority;
    volatile int woken; /* set after the removal from the list */
};

/* The contents of musl's opaque pthread_cond_t (48 bytes); all zero: initialized. */
struct cond {
    int shared;           /* between processes */
    int clock;            /* of pthread_cond_timedwait() */
    volatile int waiters; /* that have not left; bit 31: pthread_cond_destroy() waits for them */
    union {
        struct {
            lock_t lock;
            unsigned forks; /* process.h: the process of `first`, so many forks after an execve() */
            struct waiter *first, *last;
        };
        struct {                      /* shared */
            volatile unsigned next;   /* the next waiter's ticket */
            volatile unsigned called; /* tickets below it may leave */
        };
    };
};

struct cond_attr {
    unsigned clock_and_shared; /* bit 31: shared */
};

#define SHARED  0x80000000U
#define DESTROY 0x80000000U

_Static_assert(sizeof(struct cond) <= sizeof(pthread_cond_t), "musl's ABI");
_Static_assert(sizeof(struct cond_attr) <= sizeof(pthread_condattr_t), "musl's ABI");

static struct cond *cond_of(pthread_cond_t *cond)
{
    return (struct cond *)cond;
}

static int futex_flags(const struct cond *cond)
{
    return cond->shared ? 0 : FUTEX_PRIVATE;
}

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr)
{
    *cond = (pthread_cond_t){0};
    if (attr) {
        unsigned both = ((const struct cond_attr *)attr)->clock_and_shared;
        cond_of(cond)->clock = (int)(both & ~SHARED);
        cond_of(cond)->shared = (both & SHARED) != 0;
    }
    return 0;
}

/* -------------------------------------------------------------------------------------------- */
/* Within a process */

/* In a child of fork(), the waiting threads of the parent do not exist: the list is cleared, so
 * that no signal is lost on them. */
static void cond_lock(struct cond *cond)
{
    lock_take(&cond->lock);
    if (cond->forks != __process.forks) {
        cond->forks = __process.forks;
        cond->first = cond->last = NULL;
        cond->waiters = 0;
    }
}

/* Inserts the waiter after all of the same or a higher priority. */
static void waiter_add(struct cond *cond, struct waiter *new)
{
    struct waiter *before = cond->last;

    while (before && before->priority < new->priority)
        before = before->before;
    new->before = before;
    new->next = before ? before->next : cond->first;
    if (new->next)
        new->next->before = new;
    else
        cond->last = new;
    if (before)
        before->next = new;
    else
        cond->first = new;
}

static void waiter_remove(struct cond *cond, struct waiter *old)
{
    if (old->next)
        old->next->before = old->before;
    else
        cond->last = old->before;
    if (old->before)
        old->before->next = old->next;
    else
        cond->first = old->next;
}

/* 0: no real-time priority, or none that this process has set. */
static int own_priority(void)
{
    struct sched_param param = {0};

    if (__atomic_load_n(&__process.real_time, __ATOMIC_RELAXED))
        sys_call(SYS_sched_getparam, 0, &param);
    return param.sched_priority;
}

/* Unlocks the mutex, and waits for a signal. Returns 0, ETIMEDOUT or the mutex's error; *unlocked
 * is false only after the last. */
static int list_wait(struct cond *cond, pthread_mutex_t *mutex, clockid_t clock,
                     const struct timespec *until, bool *unlocked)
{
    struct waiter self = {.priority = own_priority()};
    unsigned forks = __process.forks;
    int error;

    cond_lock(cond);
    __atomic_add_fetch(&cond->waiters, 1, __ATOMIC_ACQ_REL);
    waiter_add(cond, &self);
    lock_release(&cond->lock);
    error = pthread_mutex_unlock(mutex);
    *unlocked = error == 0;
    while (!error && !__atomic_load_n(&self.woken, __ATOMIC_ACQUIRE))
        error = futex_wait(&self.woken, 0, FUTEX_PRIVATE, clock, until) == ETIMEDOUT ? ETIMEDOUT
                                                                                     : 0;
    if (!error)
        return 0;
    cond_lock(cond);
    if (self.woken)
        error = *unlocked ? 0 : error; /* a signal came in time, for this thread */
    else if (cond->forks == forks)
        waiter_remove(cond, &self);
    lock_release(&cond->lock);
    return error;
}

/* Once `woken` is set, the waiter may be gone, and its memory in another use. A thread that sleeps
 * on that memory then wakes for nothing, and checks its own condition again. */
static void list_wake(struct cond *cond, bool all)
{
    cond_lock(cond);
    for (struct waiter *waiter = cond->first, *next; waiter; waiter = all ? next : NULL) {
        next = waiter->next;
        waiter_remove(cond, waiter);
        __atomic_store_n(&waiter->woken, 1, __ATOMIC_RELEASE);
        futex_wake(&waiter->woken, 1, FUTEX_PRIVATE);
    }
    lock_release(&cond->lock);
}

/* -------------------------------------------------------------------------------------------- */
/* Between processes */

/* FUTEX_WAIT_BITSET and FUTEX_WAKE_BITSET know 32 kinds of sleepers: the last 5 bits of a ticket
 * select one. */
static unsigned ticket_kind(unsigned ticket)
{
    return 1U << ticket % 32;
}

/* Wakes the sleepers of these kinds; those whose tickets are below `called` leave. */
static void tickets_wake(struct cond *cond, unsigned kinds)
{
    sys_call(SYS_futex, &cond->called, FUTEX_WAKE_BITSET, INT_MAX, NULL, NULL, kinds);
}

static bool ticket_is_called(const struct cond *cond, unsigned ticket, unsigned *called)
{
    *called = __atomic_load_n(&cond->called, __ATOMIC_ACQUIRE);
    return (int)(*called - ticket) > 0;
}

/* Calls one ticket, or all. */
static void ticket_wake(struct cond *cond, bool all)
{
    unsigned called = __atomic_load_n(&cond->called, __ATOMIC_ACQUIRE), next;

    do {
        next = __atomic_load_n(&cond->next, __ATOMIC_ACQUIRE);
        if ((int)(next - called) <= 0)
            return;
    } while (!__atomic_compare_exchange_n(&cond->called, &called, all ? next : called + 1, 0,
                                          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    tickets_wake(cond, all ? FUTEX_BITSET_MATCH_ANY : ticket_kind(called));
}

/* As list_wait(). A waiter that leaves on its own calls all tickets: a signal would be lost if it
 * called this ticket after the waiter has left. The others wake spuriously, which POSIX allows. */
static int ticket_wait(struct cond *cond, pthread_mutex_t *mutex, clockid_t clock,
                       const struct timespec *until, bool *unlocked)
{
    unsigned ticket = __atomic_fetch_add(&cond->next, 1, __ATOMIC_ACQ_REL), called;
    int operation = FUTEX_WAIT_BITSET | (clock == CLOCK_REALTIME ? FUTEX_CLOCK_REALTIME : 0);
    int error;

    __atomic_add_fetch(&cond->waiters, 1, __ATOMIC_ACQ_REL);
    error = pthread_mutex_unlock(mutex);
    *unlocked = error == 0;
    while (!error && !ticket_is_called(cond, ticket, &called)) {
        if (until && until->tv_sec < 0)
            error = ETIMEDOUT;
        else if (sys_call(SYS_futex, &cond->called, operation, called, until, NULL,
                          ticket_kind(ticket)) == -ETIMEDOUT)
            error = ETIMEDOUT;
    }
    if (!error)
        return 0;
    if (*unlocked && ticket_is_called(cond, ticket, &called))
        return 0;
    ticket_wake(cond, true);
    return error;
}

/* -------------------------------------------------------------------------------------------- */

/* POSIX: a condition may be destroyed as soon as no thread is blocked on it. The thread woken last
 * may not have left then. */
int pthread_cond_destroy(pthread_cond_t *given)
{
    struct cond *cond = cond_of(given);
    unsigned waiters;

    if (!cond->shared) {
        cond_lock(cond);
        lock_release(&cond->lock);
    }
    waiters = (unsigned)__atomic_or_fetch(&cond->waiters, (int)DESTROY, __ATOMIC_ACQ_REL);
    while (waiters & ~DESTROY) {
        futex_wait(&cond->waiters, (int)waiters, futex_flags(cond), CLOCK_MONOTONIC, NULL);
        waiters = (unsigned)__atomic_load_n(&cond->waiters, __ATOMIC_ACQUIRE);
    }
    return 0;
}

static int cond_wait(struct cond *cond, pthread_mutex_t *mutex, clockid_t clock,
                     const struct timespec *until)
{
    int flags = futex_flags(cond); /* read now: the condition may be gone after the wait */
    unsigned forks = __process.forks;
    bool unlocked;
    int error, locked;

    if (until && (unsigned long)until->tv_nsec >= 1000000000UL)
        return EINVAL;
    error = cond->shared ? ticket_wait(cond, mutex, clock, until, &unlocked)
                         : list_wait(cond, mutex, clock, until, &unlocked);
    /* A signal handler that interrupted the wait may have forked: in the child, the count is
     * cleared. */
    if (forks == __process.forks &&
        (unsigned)__atomic_sub_fetch(&cond->waiters, 1, __ATOMIC_ACQ_REL) == DESTROY)
        futex_wake(&cond->waiters, 1, flags);
    if (!unlocked)
        return error;
    locked = pthread_mutex_lock(mutex);
    return locked ? locked : error;
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
    return cond_wait(cond_of(cond), mutex, CLOCK_MONOTONIC, NULL);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    return cond_wait(cond_of(cond), mutex, cond_of(cond)->clock, until);
}

static int cond_wake(struct cond *cond, bool all)
{
    if (!(__atomic_load_n(&cond->waiters, __ATOMIC_ACQUIRE) & ~DESTROY))
        return 0;
    if (cond->shared)
        ticket_wake(cond, all);
    else
        list_wake(cond, all);
    return 0;
}

int pthread_cond_signal(pthread_cond_t *cond)
{
    return cond_wake(cond_of(cond), false);
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
    return cond_wake(cond_of(cond), true);
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
    *attr = (pthread_condattr_t){0};
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
    struct cond_attr *to = (struct cond_attr *)attr;

    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        return EINVAL;
    to->clock_and_shared = (to->clock_and_shared & SHARED) | (unsigned)clock;
    return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attr, clockid_t *restrict clock)
{
    *clock = (clockid_t)(((const struct cond_attr *)attr)->clock_and_shared & ~SHARED);
    return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
    struct cond_attr *to = (struct cond_attr *)attr;

    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    to->clock_and_shared = (to->clock_and_shared & ~SHARED) |
                           (shared == PTHREAD_PROCESS_SHARED ? SHARED : 0);
    return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attr, int *restrict shared)
{
    *shared = ((const struct cond_attr *)attr)->clock_and_shared & SHARED ? PTHREAD_PROCESS_SHARED
                                                                          : PTHREAD_PROCESS_PRIVATE;
    return 0;
}
