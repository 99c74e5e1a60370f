/* libmalloc-min.so: the allocator alone, to be preloaded into programs on another C library. This
 * file is what it takes from libc-min otherwise. */
#include "arena.h"
#include "futex.h"
#include "process.h"
#include "syscall.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

HIDDEN __thread struct arena *__arena;
HIDDEN struct process __process = {.page = 4096, .threaded = 1};

int __clock_gettime(clockid_t clock, struct timespec *to);

int __clock_gettime(clockid_t clock, struct timespec *to)
{
    return clock_gettime(clock, to);
}

unsigned long __process_auxv(unsigned long type)
{
    return getauxval(type);
}

void __process_die(const char *text, const void *value)
{
    char address[24] = ": 0x";
    size_t length = 4;
    int digit = 60;
    while (digit > 0 && !((uintptr_t)value >> digit & 15))
        digit -= 4;
    for (; digit >= 0; digit -= 4)
        address[length++] = "0123456789abcdef"[(uintptr_t)value >> digit & 15];
    struct iovec line[4] = {{(char *)"libmalloc-min: ", 15},
                            {(char *)text, strlen(text)},
                            {address, value ? length : 0},
                            {(char *)"\n", 1}};
    sys_call(SYS_writev, 2, line, 4);
    abort();
}

static pthread_key_t key;
static int key_made;

static void before(void)
{
    __malloc_fork(0);
}

static void in_parent(void)
{
    __malloc_fork(1);
}

static void in_child(void)
{
    __malloc_fork(2);
}

HIDDEN void __malloc_exit(void);

__attribute__((destructor)) static void finish(void)
{
    __malloc_exit();
}

static void thread_end(void *arena)
{
    (void)arena;
    __malloc_thread_end();
}

__attribute__((constructor)) static void start(void)
{
    pthread_atfork(before, in_parent, in_child);
    key_made = pthread_key_create(&key, thread_end) == 0;
}

/* A thread has its first arena: its end is to be noticed. */
void __arena_started(struct arena *arena)
{
    if (key_made)
        pthread_setspecific(key, arena);
}
