/* From _start to main, in this order:
 *  1. the stack: argv, environ, auxiliary vector      (everything below reads them)
 *  2. thread-local storage and the control block      (errno, the canary and locks are there)
 *  3. set-user-ID: opens closed descriptors 0 to 2    (before an open() gets one of them)
 *  4. constructors                                    (may use all of the library)
 *  5. main, and exit() with its result
 *
 * musl's start files pass _init and _fini as arguments. They are not used here, because the linker
 * knows them (linker.h). */
#include "base/linker.h"
#include "process.h"
#include "syscall.h"
#include "thread.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The interface of musl 1.2.3's start files. */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*linker_fini)(void));

HIDDEN void __thread_start_main(const void *random);

extern char **__environ;
extern char *__progname, *__progname_full;

static void name_set(const char *path)
{
    const char *name = path;

    for (const char *p = path; *p; p++)
        if (*p == '/')
            name = p + 1;
    __progname_full = (char *)path;
    __progname = (char *)name;
}

/* Opens /dev/null for descriptors 0 to 2 that are closed. open(2) returns the lowest free number: a
 * set-user-ID program that is started with 2 closed would write its errors into the first file that
 * it opens. */
static void descriptors_open(void)
{
    for (int i = 0; i < 3; i++)
        if (sys_call(SYS_fcntl, i, F_GETFD, 0) < 0 &&
            sys_call(SYS_open, "/dev/null", O_RDWR, 0) != i)
            __process_die("cannot open /dev/null for a standard descriptor", NULL);
}

HIDDEN void __begin(int argc, char **argv);

/* Steps 1 and 2. A dynamic linker calls it before it jumps to the entry point, which may belong to
 * other start files. */
void __begin(int argc, char **argv)
{
    char **envp = argv + argc + 1, **end = envp;
    const void *random = NULL;

    while (*end)
        end++;
    __environ = envp;
    __process.auxv = (const Elf64_auxv_t *)(end + 1);
    __process.page = 4096;
    for (const Elf64_auxv_t *entry = __process.auxv; entry->a_type != AT_NULL; entry++) {
        if (entry->a_type == AT_PAGESZ)
            __process.page = entry->a_un.a_val;
        else if (entry->a_type == AT_SECURE)
            __process.secure = (int)entry->a_un.a_val;
        else if (entry->a_type == AT_RANDOM)
            random = (const void *)entry->a_un.a_val;
    }
    if (argv[0])
        name_set(argv[0]);
    __thread_start_main(random);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*linker_fini)(void))
{
    (void)init, (void)fini, (void)linker_fini;
    __linker_check();
    if (!__process.auxv)
        __begin(argc, argv);
    if (__process.secure)
        descriptors_open();
    __linker->construct(argc, argv, argv + argc + 1);
    exit(main(argc, argv, argv + argc + 1));
}
