/* pthread_attr_*(3). */
#include "attr.h"
#include "process.h"
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>

static struct thread_attr *attr_of(const pthread_attr_t *attr)
{
    return (struct thread_attr *)attr;
}

int pthread_attr_init(pthread_attr_t *attr)
{
    *attr = (pthread_attr_t){0};
    *attr_of(attr) = attr_default();
    return 0;
}

int pthread_getattr_default_np(pthread_attr_t *attr)
{
    return pthread_attr_init(attr);
}

/* Quirk: in musl the defaults only grow, up to 8 MiB and 1 MiB. A smaller or larger size is no
 * error; any other attribute is an error (pthread_setattr_default_np of musl 1.2.3, by trying). */
int pthread_setattr_default_np(const pthread_attr_t *attr)
{
    const struct thread_attr *from = (const struct thread_attr *)attr;

    if (from->stack_end || from->detached || from->explicit_scheduling || from->policy ||
        from->priority)
        return EINVAL;
    __default_raise(&__default_stack_size, from->stack_size, DEFAULT_STACK_MAX);
    __default_raise(&__default_guard_size, from->guard_size, DEFAULT_GUARD_MAX);
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
    if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED)
        return EINVAL;
    attr_of(attr)->detached = state;
    return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
    *state = attr_of(attr)->detached;
    return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
    if (size < PTHREAD_STACK_MIN || size > SIZE_MAX / 4)
        return EINVAL;
    attr_of(attr)->stack_size = size;
    attr_of(attr)->stack_end = NULL;
    return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
    *size = attr_of(attr)->stack_size;
    return 0;
}

int pthread_attr_setguardsize(pthread_attr_t *attr, size_t size)
{
    if (size > SIZE_MAX / 8)
        return EINVAL;
    attr_of(attr)->guard_size = size;
    return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
    *size = attr_of(attr)->guard_size;
    return 0;
}

/* `stack` is the lowest address. */
int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t size)
{
    if (size < PTHREAD_STACK_MIN || size > SIZE_MAX / 4)
        return EINVAL;
    attr_of(attr)->stack_end = (char *)stack + size;
    attr_of(attr)->stack_size = size;
    return 0;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attr, void **restrict stack,
                          size_t *restrict size)
{
    if (!attr_of(attr)->stack_end)
        return EINVAL;
    *size = attr_of(attr)->stack_size;
    *stack = (char *)attr_of(attr)->stack_end - *size;
    return 0;
}

int pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
    (void)attr;
    return scope == PTHREAD_SCOPE_SYSTEM ? 0 : scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}

int pthread_attr_getscope(const pthread_attr_t *restrict attr, int *restrict scope)
{
    (void)attr;
    *scope = PTHREAD_SCOPE_SYSTEM;
    return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
    if (inherit != PTHREAD_INHERIT_SCHED && inherit != PTHREAD_EXPLICIT_SCHED)
        return EINVAL;
    attr_of(attr)->explicit_scheduling = inherit;
    return 0;
}

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attr, int *restrict inherit)
{
    *inherit = attr_of(attr)->explicit_scheduling;
    return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
    attr_of(attr)->policy = policy;
    return 0;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attr, int *restrict policy)
{
    *policy = attr_of(attr)->policy;
    return 0;
}

int pthread_attr_setschedparam(pthread_attr_t *restrict attr,
                               const struct sched_param *restrict param)
{
    attr_of(attr)->priority = param->sched_priority;
    return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *restrict attr,
                               struct sched_param *restrict param)
{
    param->sched_priority = attr_of(attr)->priority;
    return 0;
}

/* The main thread's stack grows. Its size is found page by page, from its end down to the first
 * page for which mincore(2) finds nothing mapped. */
static size_t main_stack_size(char *end)
{
    size_t size = __process.page;
    unsigned char resident;

    while (sys_call(SYS_mincore, end - size - __process.page, __process.page, &resident) == 0)
        size += __process.page;
    return size;
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
    struct thread_attr *to = attr_of(attr);

    *attr = (pthread_attr_t){0};
    to->detached = thread->state == THREAD_DETACHED;
    if (thread->stack) {
        to->guard_size = thread->guard_size;
        to->stack_end = thread->stack;
        to->stack_size = thread->stack_size;
    } else {
        to->stack_end = (void *)(((uintptr_t)__process.auxv | (__process.page - 1)) + 1);
        to->stack_size = main_stack_size(to->stack_end);
    }
    return 0;
}
