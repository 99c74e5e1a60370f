/* A thread's control block (TCB), to which the thread pointer points. The program's thread-local
 * variables lie below it (psABI 3.4.6, TLS variant II). */
#ifndef LIBC_THREAD_H
#define LIBC_THREAD_H

#include "alias.h"
#include "lock.h"
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* Changed by compare-and-exchange: only one of detach, join and exit can win. */
enum thread_state { THREAD_JOINABLE, THREAD_DETACHED, THREAD_EXITED };

/* A value of pthread_setspecific(), for one generation of its key (key.c). */
struct thread_value {
    unsigned long generation;
    void *value;
};

/* pthread_t is a pointer to this structure; its tag is the one in musl's headers. */
struct __pthread {
    /* at offsets that compilers and linkers expect */
    struct __pthread *self; /* %fs:0, the thread pointer itself (psABI 3.4.6) */
    void **dtv;             /* the linker's: one entry per module */
    uintptr_t unused[3];
    uintptr_t canary; /* %fs:0x28: -fstack-protector compares with it */

    /* set up at creation */
    int tid;           /* gettid(2); the kernel sets 0 when the thread has ended */
    int error;         /* errno */
    void *map;         /* guard, stack, TLS and this block: one mapping; NULL: the main thread */
    size_t map_size;   /* bytes */
    void *stack;       /* the end (highest address) of the stack */
    size_t stack_size; /* bytes, without the guard */
    size_t guard_size; /* bytes */
    void *(*start)(void *);
    void *argument;
    lock_t kill_lock;  /* held while `tid` is passed to the kernel, so that the id remains this
                          thread's */
    int gone;          /* under kill_lock: the thread is about to end, and `tid` must not be used */
    volatile int held; /* 1: waits until its scheduling is set; 2: has to end at once */

    /* while it runs */
    volatile int state;          /* enum thread_state */
    void *result;                /* for pthread_join() */
    struct __ptcb *cleanup;      /* innermost pthread_cleanup_push() */
    int keys_used;               /* pthread_setspecific() has been called */
    struct thread_value *values; /* PTHREAD_KEYS_MAX values, from malloc; NULL until the first */
    struct thread_destructor *destructors; /* newest first (atexit.c) */
    char *dl_error;                        /* text of the last error of dl*(), from malloc */
    int dl_error_new;                      /* dlerror() has not returned it yet */
    struct __locale_struct *locale;        /* of uselocale(); NULL: the process's */
    struct arena *arena;                   /* of malloc(); NULL until the thread allocates */
    int cancel_state, cancel_type;
    int host_error; /* h_errno; the main thread's is the variable of that name */
};

static inline struct __pthread *thread_self(void)
{
    struct __pthread *self;

    __asm__("mov %%fs:0, %0" : "=r"(self));
    return self;
}

/* Stores the thread pointer: arch_prctl(2), ARCH_SET_FS. */
HIDDEN void __thread_pointer_set(struct __pthread *thread);

/* clone(2) with a stack of its own: the child calls start(thread), which does not return, on
 * `stack` (16-byte aligned). Returns the kernel's answer. arch/<machine>/clone.S. */
HIDDEN long __thread_clone(unsigned long flags, void *stack, int *tid, struct __pthread *thread,
                           int *clear_tid, void (*start)(struct __pthread *));

/* munmap(2) of the caller's stack, then exit(2). */
HIDDEN _Noreturn void __thread_unmap(void *map, size_t size);

/* Call the destructors of a thread that ends: of its thread-local variables, and of its keys'
 * values. Absent in a static program without any. */
HIDDEN void __thread_destructors_run(void);
HIDDEN void __keys_thread_end(void);

/* Take the locks before a fork (0), and release them in the parent (1) and in the child (2): in the
 * child, no other thread exists to release them. */
HIDDEN void __malloc_thread_end(void);
HIDDEN void __malloc_fork(int when);
HIDDEN void __stdio_fork(int when);
HIDDEN void __directories_fork(int when);

/* The thread that called exit(); NULL: none. */
extern HIDDEN void *volatile __exiting;

/* The number of threads; the last one ends the process. */
extern HIDDEN volatile int __thread_count;

/* Stack and guard of threads that are made without attributes, bytes. They only grow.
 * pthread_setattr_default_np() raises both; p_memsz of PT_GNU_STACK (`-z stack-size`) raises the
 * stack's before main. Both call __default_raise(), with DEFAULT_*_MAX as the limit. */
extern HIDDEN size_t __default_stack_size, __default_guard_size;
HIDDEN void __default_raise(size_t *size, size_t wanted, size_t most);
#define DEFAULT_STACK_MAX ((size_t)8 << 20) /* musl's limits */
#define DEFAULT_GUARD_MAX ((size_t)1 << 20)

#endif
