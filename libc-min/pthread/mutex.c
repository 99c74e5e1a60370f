/* pthread_mutex_*(3): normal, recursive, error-checking; private or shared between processes.
 * Robust mutexes are not supported.
 *
 * A zeroed mutex is an initialized normal one. */
#include "cpu_relax.h"
#include "futex.h"
#include "thread.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>

/* The contents of musl's opaque pthread_mutex_t (40 bytes). */
struct mutex {
    int kind;           /* PTHREAD_MUTEX_NORMAL, _RECURSIVE or _ERRORCHECK, and MUTEX_SHARED */
    volatile int lock;  /* 0: free; 1: held; 2: held, and a thread may be asleep */
    volatile int owner; /* tid, for the kinds that know their owner */
    int depth;          /* of a recursive mutex: locks beyond the first */
};

struct mutex_attr {
    unsigned kind;
};

enum { MUTEX_SHARED = 16, MUTEX_TYPE = 3 };

_Static_assert(sizeof(struct mutex) <= sizeof(pthread_mutex_t), "musl's ABI");
_Static_assert(sizeof(struct mutex_attr) <= sizeof(pthread_mutexattr_t), "musl's ABI");

static struct mutex *mutex_of(pthread_mutex_t *mutex)
{
    return (struct mutex *)mutex;
}

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attr)
{
    *mutex = (pthread_mutex_t){0};
    if (attr)
        mutex_of(mutex)->kind = (int)((const struct mutex_attr *)attr)->kind;
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    return mutex_of(mutex)->lock ? EBUSY : 0;
}

/* Takes the lock if it is free. While the process has one thread, and the mutex is private, no
 * other thread can see the word, so that plain accesses are enough. */
static inline int word_try(struct mutex *mutex)
{
    int zero = 0;

    if (!__process.threaded && !(mutex->kind & MUTEX_SHARED)) {
        if (mutex->lock)
            return 0;
        mutex->lock = 1;
        return 1;
    }
    return __atomic_compare_exchange_n(&mutex->lock, &zero, 1, 0, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

static int word_wait(struct mutex *mutex, clockid_t clock, const struct timespec *until)
{
    int flags = mutex->kind & MUTEX_SHARED ? 0 : FUTEX_PRIVATE;

    /* Each read takes the cache line away from the owner, which may need it: the pauses between
     * reads double. */
    for (int turns = 1; turns <= 128 && mutex->lock != 2; turns *= 2) {
        if (!mutex->lock && word_try(mutex))
            return 0;
        cpu_relax(turns);
    }
    while (__atomic_exchange_n(&mutex->lock, 2, __ATOMIC_ACQUIRE)) {
        int error = futex_wait(&mutex->lock, 2, flags, clock, until);
        if (error == ETIMEDOUT || error == EINVAL)
            return error;
    }
    return 0;
}

/* Locks a mutex that the caller already holds: POSIX's table under pthread_mutex_lock(). */
static int mutex_again(struct mutex *mutex, int trying)
{
    if ((mutex->kind & MUTEX_TYPE) == PTHREAD_MUTEX_RECURSIVE) {
        if (mutex->depth == INT_MAX)
            return EAGAIN;
        mutex->depth++;
        return 0;
    }
    return trying ? EBUSY : EDEADLK;
}

/* The kinds that know their owner. */
static int mutex_lock_owned(struct mutex *mutex, clockid_t clock, const struct timespec *until)
{
    int tid = thread_self()->tid;
    int error = 0;

    if (mutex->owner == tid)
        return mutex_again(mutex, 0);
    if (!word_try(mutex))
        error = word_wait(mutex, clock, until);
    if (!error)
        mutex->owner = tid;
    return error;
}

int pthread_mutex_lock(pthread_mutex_t *given)
{
    struct mutex *mutex = mutex_of(given);

    if (UNLIKELY(mutex->kind & MUTEX_TYPE))
        return mutex_lock_owned(mutex, CLOCK_REALTIME, NULL);
    return LIKELY(word_try(mutex)) ? 0 : word_wait(mutex, CLOCK_REALTIME, NULL);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict given, const struct timespec *restrict until)
{
    struct mutex *mutex = mutex_of(given);

    if (mutex->kind & MUTEX_TYPE)
        return mutex_lock_owned(mutex, CLOCK_REALTIME, until);
    return word_try(mutex) ? 0 : word_wait(mutex, CLOCK_REALTIME, until);
}

int pthread_mutex_trylock(pthread_mutex_t *given)
{
    struct mutex *mutex = mutex_of(given);

    if (mutex->kind & MUTEX_TYPE && mutex->owner == thread_self()->tid)
        return mutex_again(mutex, 1);
    if (!word_try(mutex))
        return EBUSY;
    if (mutex->kind & MUTEX_TYPE)
        mutex->owner = thread_self()->tid;
    return 0;
}

static int mutex_unlock_owned(struct mutex *mutex)
{
    if (mutex->owner != thread_self()->tid)
        return EPERM;
    if (mutex->depth) {
        mutex->depth--;
        return -1;
    }
    mutex->owner = 0;
    return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *given)
{
    struct mutex *mutex = mutex_of(given);
    int kind = mutex->kind; /* read now: the mutex may be gone once the lock is free */

    if (UNLIKELY(kind & MUTEX_TYPE)) {
        int answer = mutex_unlock_owned(mutex);
        if (answer)
            return answer < 0 ? 0 : answer;
    }
    if (!__process.threaded && !(kind & MUTEX_SHARED))
        mutex->lock = 0;
    else if (__atomic_exchange_n(&mutex->lock, 0, __ATOMIC_RELEASE) == 2)
        futex_wake(&mutex->lock, 1, kind & MUTEX_SHARED ? 0 : FUTEX_PRIVATE);
    return 0;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
    *attr = (pthread_mutexattr_t){0};
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
    struct mutex_attr *to = (struct mutex_attr *)attr;

    if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK)
        return EINVAL;
    to->kind = (to->kind & MUTEX_SHARED) | (unsigned)type;
    return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attr, int *restrict type)
{
    *type = (int)(((const struct mutex_attr *)attr)->kind & MUTEX_TYPE);
    return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared)
{
    struct mutex_attr *to = (struct mutex_attr *)attr;

    if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
        return EINVAL;
    to->kind = (to->kind & MUTEX_TYPE) | (shared == PTHREAD_PROCESS_SHARED ? MUTEX_SHARED : 0U);
    return 0;
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict attr, int *restrict shared)
{
    *shared = ((const struct mutex_attr *)attr)->kind & MUTEX_SHARED ? PTHREAD_PROCESS_SHARED
                                                                     : PTHREAD_PROCESS_PRIVATE;
    return 0;
}
