/* For the programs of open_program() (tests/rt/helper.bash) and rt-dl.bats: opens, or prints what
 * dlerror() says, and ends. */
#ifndef TESTS_RT_OPEN_H
#define TESTS_RT_OPEN_H

#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 8 /* glibc's; musl's <dlfcn.h> lacks it */
#endif

__attribute__((unused)) static void *opened(const char *name, int flags)
{
    void *library = dlopen(name, flags);
    if (!library)
        exit((printf("%s: %s\n", name, dlerror()), 9));
    return library;
}
/* What the function of that name answers; -1: there is none. */
__attribute__((unused)) static int ask(void *library, const char *name)
{
    int (*function)(void) = (int (*)(void))dlsym(library, name);
    return function ? function() : -1;
}
__attribute__((unused)) static int mapped(const char *name)
{
    char line[512];
    int lines = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps))
        lines += strstr(line, name) != NULL;
    fclose(maps);
    return lines != 0;
}
/* Does a thread of this process wait in the kernel? (proc_pid_stat(5): state S) 0: it has ended,
 * too. */
__attribute__((unused)) static int asleep(int tid)
{
    char name[64], state = 0;
    snprintf(name, sizeof name, "/proc/self/task/%d/stat", tid);
    FILE *stat = fopen(name, "r");
    if (!stat)
        return 0;
    int read = fscanf(stat, "%*d (%*[^)]) %c", &state);
    fclose(stat);
    return read == 1 && state == 'S';
}
/* Returns when thread *tid, which stores its id right before a call, has returned from that call
 * (*done) or waits in it. */
__attribute__((unused)) static void await_call(const volatile int *tid, const volatile int *done)
{
    while (!*tid || !(*done || asleep(*tid)))
        ;
}

#endif
