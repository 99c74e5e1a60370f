/* The functions that the macros pthread_cleanup_push() and _pop() of <pthread.h> call. */
#include "thread.h"

void _pthread_cleanup_push(struct __ptcb *handler, void (*function)(void *), void *argument)
{
    struct __pthread *self = thread_self();

    handler->__f = function;
    handler->__x = argument;
    handler->__next = self->cleanup;
    self->cleanup = handler;
}

void _pthread_cleanup_pop(struct __ptcb *handler, int run)
{
    thread_self()->cleanup = handler->__next;
    if (run)
        handler->__f(handler->__x);
}
