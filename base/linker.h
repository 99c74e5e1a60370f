/* What the library asks of whoever linked the program. It never asks how objects were found.
 *
 * In libc.a the answers are linker/static.c's: one object, its PT_TLS found by AT_PHDR, no dl*.
 * In libc.so __linker is NULL until the dynamic linker that mapped it stores its own table there,
 * which it does after relocation and before any code of the library runs (__libc_start_main and
 * constructors); a libc.so started by anyone else says so and exits with 127.
 *
 * This file is all that libc-min/ and rt/ have in common. */
#ifndef BASE_LINKER_H
#define BASE_LINKER_H

#include "base/problem.h"

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

#define LINKER_VERSION 4

struct __pthread;

struct linker {
    unsigned version; /* LINKER_VERSION; a table of another one is refused */

    /* Thread-local storage, variant II. */

    /* The first thread's control block, if the linker has made it, and %fs points to it; NULL: the
     * library makes it by tls_make(). */
    struct __pthread *(*tls_main)(void);
    /* Bytes that tls_make() needs for static TLS, the control block and what else the linker keeps
     * per thread, for any alignment of the memory it is given. */
    size_t (*tls_size)(void);
    /* Lays out one thread's TLS in `memory` (tls_size() bytes, zeroed): initial images copied,
     * control block at its place with `self` and `dtv` set, everything else in it zero. */
    struct __pthread *(*tls_make)(void *memory);
    /* What tls_make() and later accesses allocated for a thread that is gone. */
    void (*tls_free)(struct __pthread *thread);
    /* __tls_get_addr(): the address of a variable of a module, for the calling thread. */
    void *(*tls_address)(size_t module, size_t offset);

    /* fork(): takes the linker's lock (0), gives it back in the parent (1), in the child (2). */
    void (*fork)(int when);

    /* Constructors in dependency order, before main; destructors at exit, after atexit's. The
     * static table runs preinit_array, _init, init_array and fini_array, _fini of the program. */
    void (*construct)(int argc, char **argv, char **envp);
    void (*destruct)(void);

    /* dlfcn.h and link.h; `caller` is an address in the calling object. false: *problem. */
    bool (*open)(const char *name, int flags, const void *caller, void **handle,
                 struct problem *problem);
    bool (*close)(void *handle, struct problem *problem);
    /* `version` NULL: dlsym(). */
    bool (*symbol)(void *handle, const char *name, const char *version, const void *caller,
                   void **address, struct problem *problem);
    /* dlinfo(3): RTLD_DI_*, and what `result` points to with each. */
    bool (*info)(void *handle, int request, void *result, struct problem *problem);
    /* dladdr(3): a Dl_info; 0: in no object. If `extra` is not NULL, the symbol (1, RTLD_DL_SYMENT)
     * or the link map (2, RTLD_DL_LINKMAP), as dladdr1(3) has them. */
    int (*address)(const void *address, void *dl_info, void **extra, int what);
    int (*objects)(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data);
    /* The object that holds `address` is not unloaded while the sum of `count` is above 0: what
     * thread-local destructors of it are still to be called. */
    void (*hold)(const void *address, int count);
};

/* Visible, and the dynamic linker writes it. */
extern const struct linker *__linker;

/* What the linker has to know of the library: libc.so's `__linker_client`, visible. */
struct linker_client {
    unsigned version;           /* LINKER_VERSION */
    unsigned control_align;     /* of struct __pthread, bytes */
    unsigned long control_size; /* of it, bytes */
    /* After relocation, before any code of the program: what a dynamic linker owes to a program
     * whose entry point does not call __libc_start_main(). The first thread's control block is
     * there. The pointers are the initial stack's. */
    void (*begin)(int argc, char **argv);
    /* The default size of threads' stacks is to be this at least, bytes: PT_GNU_STACK's p_memsz. */
    void (*stack_size)(size_t size);
    /* The destructors of an object that spans [start, end) are about to run, because it goes: its
     * call of __cxa_finalize() is to call what atexit() has of its functions, too. */
    void (*unload)(const void *start, const void *end);
    /* They have run: calls what atexit() still has of it, and forgets every other address in
     * [start, end) that the library would call or read. true: the memory has to stay (a signal
     * handler, the stack of one). */
    bool (*forget)(const void *start, const void *end);
    /* Does a thread, not yet ended, run a start routine in [start, end)? */
    bool (*runs)(const struct __pthread *thread, const void *start, const void *end);
};

extern const struct linker_client __linker_client;

/* Ends the process with 127 if there is no table. */
__attribute__((visibility("hidden"))) void __linker_check(void);

#endif
