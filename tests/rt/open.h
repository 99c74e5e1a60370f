/* For the programs of rt-dl.bats and rt-regress.bats: opens, or prints what dlerror() says, and
 * ends. */
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
#include <sys/wait.h>
#include <unistd.h>

#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 8 /* glibc's, which musl's <dlfcn.h> has not got */
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

#endif
