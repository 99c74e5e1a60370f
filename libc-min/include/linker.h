/* What the library asks of whoever linked the program. It never asks how objects were found.
 *
 * In libc.a the answers are linker/static.c's: one object, its PT_TLS found by AT_PHDR, no dl*.
 * In libc.so __linker is NULL until the dynamic linker that mapped it stores its own table there,
 * which it does after relocation and before any code of the library runs (__libc_start_main and
 * constructors); a libc.so started by anyone else says so and exits with 127. */
#ifndef LIBC_LINKER_H
#define LIBC_LINKER_H

#include "alias.h"
#include <link.h>
#include <stddef.h>

#define LINKER_VERSION 1

struct __pthread;

struct linker {
    unsigned version; /* LINKER_VERSION; a table of another one is refused */

    /* Thread-local storage, variant II. */

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

    /* Constructors in dependency order, before main; destructors at exit, after atexit's. The
     * static table runs preinit_array, _init, init_array and fini_array, _fini of the program. */
    void (*construct)(int argc, char **argv, char **envp);
    void (*destruct)(void);

    /* dlfcn.h and link.h; `caller` is an address in the calling object. Errors are returned as
     * text, which the caller keeps for dlerror(); NULL is success. */
    const char *(*open)(const char *name, int flags, const void *caller, void **handle);
    const char *(*close)(void *handle);
    const char *(*symbol)(void *handle, const char *name, const void *caller, void **address);
    int (*address)(const void *address, void *dl_info);
    int (*objects)(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data);
};

/* Visible, and the dynamic linker writes it. */
extern const struct linker *__linker;

HIDDEN void __linker_check(void); /* ends the process with 127 if there is no table */

#endif
