/* <dlfcn.h>, dl_iterate_phdr() and thread-local variables of modules: the linker does it. */
#include "linker.h"
#include "thread.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* psABI 3.4.6: what the compiler calls in the general-dynamic model. */
typedef struct {
    size_t module, offset;
} tls_index;

void *__tls_get_addr(tls_index *index);

void *__tls_get_addr(tls_index *index)
{
    return __linker->tls_address(index->module, index->offset);
}

/* Keeps the text of the thread's last error until dlerror() has given it out. */
static void error_keep(const struct linker_error *error)
{
    struct __pthread *self = thread_self();

    free(self->dl_error);
    self->dl_error = strdup(error->text);
    self->dl_error_new = 1;
}

void *dlopen(const char *name, int flags)
{
    struct linker_error error;
    void *handle;

    if (__linker->open(name, flags, __builtin_return_address(0), &handle, &error))
        return handle;
    error_keep(&error);
    return NULL;
}

int dlclose(void *handle)
{
    struct linker_error error;

    if (__linker->close(handle, &error))
        return 0;
    error_keep(&error);
    return -1;
}

static void *symbol(void *handle, const char *name, const char *version, const void *caller)
{
    struct linker_error error;
    void *address;

    if (__linker->symbol(handle, name, version, caller, &address, &error))
        return address;
    error_keep(&error);
    return NULL;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
    return symbol(handle, name, NULL, __builtin_return_address(0));
}

/* glibc's, which musl's headers have not got: a symbol of a given version. */
void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version);

void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version)
{
    return symbol(handle, name, version, __builtin_return_address(0));
}

int dlinfo(void *handle, int request, void *result)
{
    struct linker_error error;

    if (__linker->info(handle, request, result, &error))
        return 0;
    error_keep(&error);
    return -1;
}

/* dlerror(3): NULL if nothing has gone wrong since it was last called. */
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

/* glibc's: with the symbol-table entry (1) or the link map (2) of what was found. */
int dladdr1(const void *address, Dl_info *info, void **extra, int what);

int dladdr1(const void *address, Dl_info *info, void **extra, int what)
{
    return __linker->address(address, info, extra, what);
}

int dl_iterate_phdr(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data)
{
    return __linker->objects(callback, data);
}
