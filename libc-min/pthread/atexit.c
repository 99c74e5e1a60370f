/* Destructors of thread-local variables: __cxa_thread_atexit_impl(), glibc's name, which C++ and
 * Rust call if the library has it. */
#include "base/linker.h"
#include "thread.h"
#include <stdlib.h>

int __cxa_thread_atexit_impl(void (*function)(void *), void *argument, void *object);

struct thread_destructor {
    void (*function)(void *);
    void *argument;
    const void *object; /* an address in the shared object that has the variable */
    struct thread_destructor *before;
};

/* Registers a destructor for the calling thread; the object stays loaded until the destructor has
 * been called. 0, or -1: no memory. */
int __cxa_thread_atexit_impl(void (*function)(void *), void *argument, void *object)
{
    struct __pthread *self = thread_self();
    struct thread_destructor *entry = malloc(sizeof *entry);

    if (!entry)
        return -1;
    *entry = (struct thread_destructor){function, argument, object, self->destructors};
    self->destructors = entry;
    __linker->hold(object, 1);
    return 0;
}

/* The last registered destructor runs first; a destructor may register another. */
void __thread_destructors_run(void)
{
    struct __pthread *self = thread_self();

    while (self->destructors) {
        struct thread_destructor entry = *self->destructors;
        free(self->destructors);
        self->destructors = entry.before;
        entry.function(entry.argument);
        __linker->hold(entry.object, -1);
    }
}
