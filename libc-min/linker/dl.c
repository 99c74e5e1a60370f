/* <dlfcn.h>, dl_iterate_phdr() and thread-local variables of modules, all passed on to the linker.
 */
#include "base/linker.h"
#include "thread.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* psABI 3.4.6: the compiler's call in the general-dynamic model. */
typedef struct {
    size_t module, offset;
} tls_index;

void *__tls_get_addr(tls_index *index);

void *__tls_get_addr(tls_index *index)
{
    return __linker->tls_address(index->module, index->offset);
}

/* Keeps the text of the thread's last error for dlerror(). */
static void error_keep(const struct problem *problem)
{
    struct __pthread *self = thread_self();

    free(self->dl_error);
    self->dl_error = strdup(problem->text);
    self->dl_error_new = 1;
}

void *dlopen(const char *name, int flags)
{
    struct problem problem;
    void *handle;

    if (__linker->open(name, flags, __builtin_return_address(0), &handle, &problem))
        return handle;
    error_keep(&problem);
    return NULL;
}

int dlclose(void *handle)
{
    struct problem problem;

    if (__linker->close(handle, &problem))
        return 0;
    error_keep(&problem);
    return -1;
}

static void *symbol(void *handle, const char *name, const char *version, const void *caller)
{
    struct problem problem;
    void *address;

    if (__linker->symbol(handle, name, version, caller, &address, &problem))
        return address;
    error_keep(&problem);
    return NULL;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
    return symbol(handle, name, NULL, __builtin_return_address(0));
}

/* A function of glibc, absent from musl's headers: a symbol of a given version. */
void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version);

void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version)
{
    return symbol(handle, name, version, __builtin_return_address(0));
}

int dlinfo(void *handle, int request, void *result)
{
    struct problem problem;

    if (__linker->info(handle, request, result, &problem))
        return 0;
    error_keep(&problem);
    return -1;
}

/* dlerror(3): NULL if no error has occurred since its last call. */
char *dlerror(void)
{
    struct __pthread *self = thread_self();

    if (!self->dl_error_new)
        return NULL;
    self->dl_error_new = 0;
    return self->dl_error ? self->dl_error : (char *)"out of memory for the error's text";
}

int dladdr(const void *address, Dl_info *info)
{
    return __linker->address(address, info, NULL, 0);
}

/* A function of glibc: also returns the symbol-table entry (1) or the link map (2). */
int dladdr1(const void *address, Dl_info *info, void **extra, int what);

int dladdr1(const void *address, Dl_info *info, void **extra, int what)
{
    return __linker->address(address, info, extra, what);
}

int dl_iterate_phdr(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data)
{
    return __linker->objects(callback, data);
}
