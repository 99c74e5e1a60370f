/* The contract between the C library and the linker of the program: functions that each provides
 * for the other. In libc.a, linker/static.c provides the linker's: one object, its PT_TLS found by
 * AT_PHDR, no dl*. In libc.so, __linker is NULL until the dynamic linker that mapped the library
 * stores its table there, after relocation and before any code of the library runs
 * (__libc_start_main and constructors). If another linker started it, libc.so reports that and
 * exits with 127. libc-min/ and rt/ share no other file than this. */
#ifndef BASE_LINKER_H
#define BASE_LINKER_H

#include "base/problem.h"

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

#define LINKER_VERSION 5

struct __pthread;

/* What allocation() reports. */
enum linker_allocation {
    ALLOCATION_BREAK,   /* the break has moved up to `address`, by `bytes` */
    ALLOCATION_TRIM,    /* the break has moved down to `address`, by `bytes` */
    ALLOCATION_MAP,     /* a mapping of `bytes` for a request, or a part of the heap */
    ALLOCATION_UNMAP,   /* ... is unmapped */
    ALLOCATION_KEEP,    /* ... is kept for a while after free() */
    ALLOCATION_REUSE,   /* ... serves another request */
    ALLOCATION_REMAP,   /* mremap(2) has moved it to `address`, or changed its length to `bytes` */
    ALLOCATION_RUN,     /* a run of blocks of `bytes` begins at `address` */
    ALLOCATION_RELEASE, /* a run has no used block any more */
    ALLOCATION_ADVISE,  /* `bytes` of free pages go back by madvise(2) */
};

struct linker {
    unsigned version; /* LINKER_VERSION; a table of another one is refused */

    /* Thread-local storage, variant II. */

    /* The first thread's control block, if the linker has made it and set %fs; NULL: the library
     * makes it with tls_make(). */
    struct __pthread *(*tls_main)(void);
    /* The bytes that tls_make() needs for static TLS, the control block and the linker's own data
     * of a thread, whatever the alignment of the memory. */
    size_t (*tls_size)(void);
    /* Lays out one thread's TLS in `memory` (tls_size() bytes, zeroed): copies the initial images,
     * and sets `self` and `dtv` of the control block; the rest of it stays zero. */
    struct __pthread *(*tls_make)(void *memory);
    /* Frees what tls_make() and later accesses allocated for a thread that has ended. */
    void (*tls_free)(struct __pthread *thread);
    /* __tls_get_addr(): the address of a variable of a module, for the calling thread. */
    void *(*tls_address)(size_t module, size_t offset);

    /* fork(): takes the linker's lock (0), releases it in the parent (1) and in the child (2). */
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
    /* The object that contains `address` is not unloaded as long as the sum of `count`, the number
     * of its thread-local destructors that have not run, is above 0. */
    void (*hold)(const void *address, int count);

    /* The allocator takes or gives memory: a line of --trace=malloc, if that is on. May be called
     * with any lock of the allocator; allocates nothing. NULL: nobody reports it. */
    void (*allocation)(enum linker_allocation what, const void *address, size_t bytes);
};

/* A visible symbol, which the dynamic linker writes. */
extern const struct linker *__linker;

/* What the linker needs to know about the library: libc.so's `__linker_client`, a visible symbol.
 */
struct linker_client {
    unsigned version;           /* LINKER_VERSION */
    unsigned control_align;     /* of struct __pthread, bytes */
    unsigned long control_size; /* of it, bytes */
    /* Called after relocation and before any code of the program, for programs whose entry point
     * does not call __libc_start_main(). The first thread's control block exists. The pointers are
     * the initial stack's. */
    void (*begin)(int argc, char **argv);
    /* Raises the default size of threads' stacks to at least this, bytes: PT_GNU_STACK's p_memsz.
     */
    void (*stack_size)(size_t size);
    /* The destructors of an object that spans [start, end) are about to run, because it is
     * unloaded: its call of __cxa_finalize() shall also call the functions that it has registered
     * with atexit(). */
    void (*unload)(const void *start, const void *end);
    /* The destructors have run: calls the object's remaining atexit() functions, and forgets every
     * other address in [start, end) that the library would call or read. true: the memory has to
     * stay (a signal handler, or its stack, is in it). */
    bool (*forget)(const void *start, const void *end);
    /* Does a thread, not yet ended, run a start routine in [start, end)? */
    bool (*runs)(const struct __pthread *thread, const void *start, const void *end);
};

extern const struct linker_client __linker_client;

/* Ends the process with 127 if there is no table. */
__attribute__((visibility("hidden"))) void __linker_check(void);

#endif
