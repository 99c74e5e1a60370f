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
static int result(const char *error)
{
    struct __pthread *self = thread_self();

    if (!error)
        return 0;
    free(self->dl_error);
    self->dl_error = strdup(error);
    self->dl_error_new = 1;
    return -1;
}

void *dlopen(const char *name, int flags)
{
    void *handle;

    return result(__linker->open(name, flags, __builtin_return_address(0), &handle)) ? NULL
                                                                                     : handle;
}

int dlclose(void *handle)
{
    return result(__linker->close(handle));
}

void *dlsym(void *restrict handle, const char *restrict name)
{
    void *address;
    const void *caller = __builtin_return_address(0);

    return result(__linker->symbol(handle, name, caller, &address)) ? NULL : address;
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
    return __linker->address(address, info);
}

int dl_iterate_phdr(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data)
{
    return __linker->objects(callback, data);
}
