/* A thread's id for the kernel, held: the kernel gives it to no other thread meanwhile. */
#ifndef LIBC_PTHREAD_HOLD_H
#define LIBC_PTHREAD_HOLD_H

#include "thread.h"

/* The id, until __thread_release(); 0: the thread has ended. No signal handler runs meanwhile,
 * because one might want the same thread. *mask: what the caller blocked before. */
HIDDEN int __thread_hold(pthread_t thread, unsigned long *mask);
HIDDEN void __thread_release(pthread_t thread, const unsigned long *mask);

#endif
