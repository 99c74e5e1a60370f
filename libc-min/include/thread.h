/* A thread's control block: where the thread pointer points (psABI 3.4.6, TLS variant II: the
 * program's thread-local variables lie below it). */
#ifndef LIBC_THREAD_H
#define LIBC_THREAD_H

#include "alias.h"
#include "lock.h"
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* Changed by compare and exchange: of detach, join and exit only one can win. */
enum thread_state { THREAD_JOINABLE, THREAD_DETACHED, THREAD_EXITED };

/* pthread_setspecific()'s, of a key in one of its lives (key.c). */
struct thread_value {
    unsigned long generation;
    void *value;
};

/* pthread_t is a pointer to this; the tag is the one musl's headers give it. */
struct __pthread {
    /* where compilers and linkers expect them */
    struct __pthread *self; /* %fs:0, the thread pointer itself (psABI 3.4.6) */
    void **dtv;             /* the linker's: one entry per module */
    uintptr_t unused[3];
    uintptr_t canary; /* %fs:0x28, what -fstack-protector compares with */

    /* set up at creation */
    int tid;           /* gettid(2); the kernel makes it 0 when the thread is gone */
    int error;         /* errno */
    void *map;         /* guard, stack, TLS and this block: one mapping; NULL: the main thread */
    size_t map_size;   /* bytes */
    void *stack;       /* the end (highest address) of what the thread runs on */
    size_t stack_size; /* bytes, without the guard */
    size_t guard_size; /* bytes */
    void *(*start)(void *);
    void *argument;
    lock_t kill_lock;  /* held while `tid` is given to the kernel, so that it stays this thread's */
    int gone;          /* under it: the thread is about to end, and `tid` is not to be used */
    volatile int held; /* 1: waits for its scheduling; 2: is to end at once */

    /* while it runs */
    volatile int state;          /* enum thread_state */
    void *result;                /* what pthread_join() gives */
    struct __ptcb *cleanup;      /* innermost pthread_cleanup_push() */
    int keys_used;               /* pthread_setspecific() has been called */
    struct thread_value *values; /* PTHREAD_KEYS_MAX of them, from malloc; NULL until then */
    struct thread_destructor *destructors; /* the newest of thread-local variables' (atexit.c) */
    char *dl_error;                        /* text of the last error of dl*(), from malloc */
    int dl_error_new;                      /* and dlerror() has not told it yet */
    struct __locale_struct *locale;        /* of uselocale(); NULL: the process's */
    int cancel_state, cancel_type;
    int host_error; /* h_errno, but the main thread's */
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
 * `stack` (16-byte aligned). The answer is the kernel's. arch/<machine>/clone.S. */
HIDDEN long __thread_clone(unsigned long flags, void *stack, int *tid, struct __pthread *thread,
                           int *clear_tid, void (*start)(struct __pthread *));

/* munmap(2) of the stack that it runs on, then exit(2). */
HIDDEN _Noreturn void __thread_unmap(void *map, size_t size);

/* Call the destructors of a thread that ends: of its thread-local variables, of its keys' values.
 * Absent in a static program without any. */
HIDDEN void __thread_destructors_run(void);
HIDDEN void __keys_thread_end(void);

/* Takes (0) and gives back, in the parent (1) or in the child (2), the locks that a fork must not
 * find held by a thread that the child has not got. */
HIDDEN void __malloc_fork(int when);
HIDDEN void __stdio_fork(int when);
HIDDEN void __directories_fork(int when);

/* The thread that exit() runs in, NULL: none. */
extern HIDDEN void *volatile __exiting;

/* The number of threads; the last to go ends the process. */
extern HIDDEN volatile int __thread_count;

/* Stack and guard of threads that are made without attributes, bytes. They only grow:
 * pthread_setattr_default_np() and, before main, p_memsz of PT_GNU_STACK (`-z stack-size`, which
 * only the stack's has) raise them by __default_raise(), to at most DEFAULT_*_MAX. */
extern HIDDEN size_t __default_stack_size, __default_guard_size;
HIDDEN void __default_raise(size_t *size, size_t wanted, size_t most);
#define DEFAULT_STACK_MAX ((size_t)8 << 20) /* musl's, as the next */
#define DEFAULT_GUARD_MAX ((size_t)1 << 20)

#endif
