/* The first thread: made at the start, on the process's own stack. */
#include "base/linker.h"
#include "process.h"
#include "syscall.h"
#include "thread.h"
#include <string.h>
#include <sys/mman.h>

HIDDEN void __thread_start_main(const void *random);

volatile int __thread_count = 1;

size_t __default_stack_size = (size_t)128 << 10; /* musl's defaults */
size_t __default_guard_size = (size_t)8 << 10;

void __default_raise(size_t *size, size_t wanted, size_t most)
{
    size_t is = __atomic_load_n(size, __ATOMIC_RELAXED);

    if (wanted > most)
        wanted = most;
    while (is < wanted &&
           !__atomic_compare_exchange_n(size, &is, wanted, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

/* TLS and control block of most programs fit here, which saves a system call; larger ones are
 * mapped. */
static _Alignas(64) char main_memory[512];

void __thread_start_main(const void *random)
{
    struct __pthread *thread = __linker->tls_main();

    if (!thread) {
        size_t size = __linker->tls_size();
        void *memory = main_memory;

        if (size > sizeof main_memory) {
            memory = (void *)sys_call(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if ((unsigned long)memory > -4096UL)
                __process_die("no memory for thread-local variables", NULL);
        }
        thread = __linker->tls_make(memory);
        __thread_pointer_set(thread);
    }
    if (random)
        memcpy(&thread->canary, random, sizeof thread->canary);
    thread->canary &= ~(uintptr_t)0xff; /* a string that overflows cannot write the 0 and go on */
    thread->tid = (int)sys_call(SYS_set_tid_address, &thread->tid);
}
