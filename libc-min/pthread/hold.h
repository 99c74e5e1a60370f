/* Holds a thread's id: meanwhile, the kernel gives the id to no other thread. */
#ifndef LIBC_PTHREAD_HOLD_H
#define LIBC_PTHREAD_HOLD_H

#include "thread.h"

/* The id, valid until __thread_release(); 0: the thread has ended. Signals are blocked until then,
 * because a handler might hold the same thread. *mask: the caller's old signal mask. */
HIDDEN int __thread_hold(pthread_t thread, unsigned long *mask);
HIDDEN void __thread_release(pthread_t thread, const unsigned long *mask);

#endif
