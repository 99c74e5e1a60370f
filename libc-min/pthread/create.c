/* Creation and end of threads.
 *
 * One mapping holds, from low to high: guard, stack, thread-local variables, control block. The
 * joiner unmaps it; a detached thread unmaps itself. The first change of `state` settles which. */
#include "attr.h"
#include "base/linker.h"
#include "futex.h"
#include "process.h"
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <threads.h>

#define THREAD_FLAGS                                                                               \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |            \
     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

#pragma weak __thread_destructors_run
#pragma weak __keys_thread_end
#pragma weak __malloc_thread_end

/* Maps guard and stack (unless the caller has a stack), TLS and control block; NULL if there is no
 * memory. */
static struct __pthread *thread_map(const struct thread_attr *attr)
{
    size_t tls = __linker->tls_size();
    size_t stack = attr->stack_end ? 0 : page_round(attr->stack_size);
    size_t guard = attr->stack_end ? 0 : page_round(attr->guard_size);
    size_t size = guard + stack + page_round(tls);
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

    if (map == MAP_FAILED)
        return NULL;
    if (guard && mprotect(map, guard, PROT_NONE) != 0) {
        munmap(map, size);
        return NULL;
    }
    struct __pthread *thread = __linker->tls_make(map + size - tls);
    if (!thread) {
        munmap(map, size);
        return NULL;
    }
    thread->map = map;
    thread->map_size = size;
    thread->guard_size = guard;
    thread->stack = attr->stack_end ? attr->stack_end
                                    : (void *)((uintptr_t)(map + size - tls) & -(uintptr_t)64);
    thread->stack_size = attr->stack_end ? attr->stack_size
                                         : (size_t)((char *)thread->stack - map) - guard;
    return thread;
}

static void thread_unmap(struct __pthread *thread)
{
    __linker->tls_free(thread);
    free(thread->dl_error);
    munmap(thread->map, thread->map_size);
}

static void thread_begin(struct __pthread *self)
{
    /* The parent sets the scheduling before any code of the program runs. */
    if (self->held) {
        while (self->held == 1)
            futex_wait(&self->held, 1, FUTEX_PRIVATE, CLOCK_MONOTONIC, NULL);
        if (self->held == 2) {
            self->state = THREAD_EXITED;
            for (;;)
                sys_call(SYS_exit, 0);
        }
    }
    pthread_exit(self->start(self->argument));
}

/* Sets the scheduling of a new thread, which waits for it. 0, or the error: then the thread ends at
 * once. */
static int thread_schedule(struct __pthread *thread, const struct thread_attr *attr)
{
    struct sched_param param = {.sched_priority = attr->priority};
    long answer;

    __atomic_store_n(&__process.real_time, 1, __ATOMIC_RELAXED);
    answer = sys_call(SYS_sched_setscheduler, thread->tid, attr->policy, &param);
    thread->held = answer < 0 ? 2 : 0;
    futex_wake(&thread->held, 1, FUTEX_PRIVATE);
    return (int)-answer;
}

int pthread_create(pthread_t *restrict result, const pthread_attr_t *restrict given,
                   void *(*start)(void *), void *restrict argument)
{
    struct thread_attr attr = given ? *(const struct thread_attr *)given : attr_default();
    struct __pthread *thread;
    int error = 0;

    thread = thread_map(&attr);
    if (!thread)
        return EAGAIN;
    thread->canary = thread_self()->canary;
    thread->start = start;
    thread->argument = argument;
    thread->held = attr.explicit_scheduling;
    thread->state = attr.detached && !thread->held ? THREAD_DETACHED : THREAD_JOINABLE;

    __process.threaded = 1;
    __atomic_add_fetch(&__thread_count, 1, __ATOMIC_RELAXED);
    *result = thread;
    if (__thread_clone(THREAD_FLAGS, thread->stack, &thread->tid, thread, &thread->tid,
                       thread_begin) < 0) {
        __atomic_sub_fetch(&__thread_count, 1, __ATOMIC_RELAXED);
        thread_unmap(thread);
        return EAGAIN;
    }
    if (attr.explicit_scheduling) {
        error = thread_schedule(thread, &attr);
        if (error) {
            __atomic_sub_fetch(&__thread_count, 1, __ATOMIC_RELAXED);
            pthread_join(thread, NULL);
        } else if (attr.detached) {
            pthread_detach(thread);
        }
    }
    return error;
}

/* In this order:
 *  1. cleanup handlers, innermost first           (they use the thread's values and the stack)
 *  2. destructors of thread-local variables, then of thread-specific values (they may free)
 *  3. the last thread ends the process            (POSIX: as if by exit(0))
 *  4. blocks signals; `tid` is no longer used     (a signal by `tid` must reach only this thread)
 *  5. joinable: the kernel clears tid and wakes the joiner, which unmaps the stack
 *     detached: no signal may arrive while the stack is unmapped, nor may the kernel write there
 */
_Noreturn void pthread_exit(void *result)
{
    struct __pthread *self = thread_self();
    int joinable = THREAD_JOINABLE;
    unsigned long every = ~0UL;

    self->result = result;
    while (self->cleanup) {
        struct __ptcb *handler = self->cleanup;
        self->cleanup = handler->__next;
        handler->__f(handler->__x);
    }
    if (__thread_destructors_run)
        __thread_destructors_run();
    free(self->dl_error); /* free() may be the program's, with a cache that ends with a key's value
                           */
    self->dl_error = NULL;
    if (__keys_thread_end)
        __keys_thread_end();
    if (__atomic_sub_fetch(&__thread_count, 1, __ATOMIC_ACQ_REL) == 0) {
        __thread_count = 1; /* a thread runs the functions of atexit() */
        exit(0);
    }
    if (__malloc_thread_end)
        __malloc_thread_end();
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, NULL, sizeof every);
    lock_take(&self->kill_lock);
    self->gone = 1;
    lock_release(&self->kill_lock);
    if (!self->map || __atomic_compare_exchange_n(&self->state, &joinable, THREAD_EXITED, 0,
                                                  __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        for (;;)
            sys_call(SYS_exit, 0);
    }
    sys_call(SYS_set_tid_address, NULL);
    __linker->tls_free(self);
    free(self->dl_error);
    __thread_unmap(self->map, self->map_size);
}

/* The kernel's wake-up for a cleared tid is not a private one. */
static int thread_wait(pthread_t thread, clockid_t clock, const struct timespec *until)
{
    int tid;

    while ((tid = __atomic_load_n(&thread->tid, __ATOMIC_ACQUIRE)) != 0) {
        int error = futex_wait(&thread->tid, tid, 0, clock, until);
        if (error == ETIMEDOUT || error == EINVAL)
            return error;
    }
    return 0;
}

static int thread_join(pthread_t thread, void **result, clockid_t clock,
                       const struct timespec *until)
{
    int error;

    if (thread == thread_self())
        return EDEADLK;
    if (thread->state == THREAD_DETACHED)
        return EINVAL;
    error = thread_wait(thread, clock, until);
    if (error)
        return error;
    if (result)
        *result = thread->result;
    if (thread->map)
        thread_unmap(thread);
    return 0;
}

int pthread_join(pthread_t thread, void **result)
{
    return thread_join(thread, result, CLOCK_MONOTONIC, NULL);
}

int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
    return thread_join(thread, result, CLOCK_REALTIME, until);
}

int pthread_tryjoin_np(pthread_t thread, void **result)
{
    return __atomic_load_n(&thread->tid, __ATOMIC_ACQUIRE) ? EBUSY : pthread_join(thread, result);
}

int pthread_detach(pthread_t thread)
{
    int state = THREAD_JOINABLE;

    if (__atomic_compare_exchange_n(&thread->state, &state, THREAD_DETACHED, 0, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return 0;
    return state == THREAD_DETACHED ? EINVAL : pthread_join(thread, NULL);
}
WEAK_ALIAS(pthread_detach, thrd_detach);

pthread_t pthread_self(void)
{
    return thread_self();
}
thrd_t thrd_current(void) __attribute__((const, weak, alias("pthread_self")));

/* A macro in <pthread.h>; a program may take the address of the function. */
#undef pthread_equal
int pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}
#undef thrd_equal
WEAK_ALIAS(pthread_equal, thrd_equal);
