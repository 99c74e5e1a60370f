/* pthread_once(3). */
#include "futex.h"
#include "thread.h"
#include <pthread.h>

enum { ONCE_NEW, ONCE_RUNNING, ONCE_DONE, ONCE_AWAITED };

/* A thread that is ended inside leaves it to be done by another. */
static void once_undo(void *control)
{
    if (__atomic_exchange_n((int *)control, ONCE_NEW, __ATOMIC_RELEASE) == ONCE_AWAITED)
        futex_wake(control, INT_MAX, FUTEX_PRIVATE);
}

static int once_run(pthread_once_t *control, void (*routine)(void))
{
    int state = ONCE_NEW;

    while (!__atomic_compare_exchange_n(control, &state, ONCE_RUNNING, 0, __ATOMIC_ACQUIRE,
                                        __ATOMIC_ACQUIRE)) {
        if (state == ONCE_DONE)
            return 0;
        if (state == ONCE_AWAITED ||
            __atomic_compare_exchange_n(control, &state, ONCE_AWAITED, 0, __ATOMIC_ACQUIRE,
                                        __ATOMIC_ACQUIRE))
            futex_wait(control, ONCE_AWAITED, FUTEX_PRIVATE, CLOCK_MONOTONIC, NULL);
        state = ONCE_NEW;
    }
    pthread_cleanup_push(once_undo, control);
    routine();
    pthread_cleanup_pop(0);
    if (__atomic_exchange_n(control, ONCE_DONE, __ATOMIC_RELEASE) == ONCE_AWAITED)
        futex_wake(control, INT_MAX, FUTEX_PRIVATE);
    return 0;
}

int pthread_once(pthread_once_t *control, void (*routine)(void))
{
    if (LIKELY(__atomic_load_n(control, __ATOMIC_ACQUIRE) == ONCE_DONE))
        return 0;
    return once_run(control, routine);
}
