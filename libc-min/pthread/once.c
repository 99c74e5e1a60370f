/* pthread_once(3). */
#include "futex.h"
#include "process.h"
#include "thread.h"
#include <pthread.h>

/* The state, in the two lowest bits. RUNNING and AWAITED have the number of forks in the other
 * bits: in the child of a fork, no thread exists to finish what a thread of the parent began, and
 * the child begins anew. */
enum { ONCE_NEW, ONCE_RUNNING, ONCE_DONE, ONCE_AWAITED, ONCE_STATES };

static int once_state(int state)
{
    return (int)(__process.forks * ONCE_STATES) | state;
}

/* Wakes the waiting threads, if any. */
static void once_set(pthread_once_t *control, int state)
{
    if ((__atomic_exchange_n(control, state, __ATOMIC_RELEASE) & ONCE_AWAITED) == ONCE_AWAITED)
        futex_wake(control, INT_MAX, FUTEX_PRIVATE);
}

/* A thread that ends inside the routine leaves the work to another. */
static void once_undo(void *control)
{
    once_set(control, ONCE_NEW);
}

static int once_run(pthread_once_t *control, void (*routine)(void))
{
    const int running = once_state(ONCE_RUNNING), awaited = once_state(ONCE_AWAITED);
    int state = ONCE_NEW;

    while (!__atomic_compare_exchange_n(control, &state, running, 0, __ATOMIC_ACQUIRE,
                                        __ATOMIC_ACQUIRE)) {
        if (state == ONCE_DONE)
            return 0;
        if (state != running && state != awaited)
            continue; /* either new again, or begun by a thread of another process */
        if (state == awaited || __atomic_compare_exchange_n(control, &state, awaited, 0,
                                                            __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
            futex_wait(control, awaited, FUTEX_PRIVATE, CLOCK_MONOTONIC, NULL);
        state = ONCE_NEW;
    }
    pthread_cleanup_push(once_undo, control);
    routine();
    pthread_cleanup_pop(0);
    once_set(control, ONCE_DONE);
    return 0;
}

int pthread_once(pthread_once_t *control, void (*routine)(void))
{
    if (LIKELY(__atomic_load_n(control, __ATOMIC_ACQUIRE) == ONCE_DONE))
        return 0;
    return once_run(control, routine);
}
