/* What libc-min calls: one row a function. */
#include "dl.h"

#include "arch.h"
#include "fixed.h"
#include "info.h"
#include "init.h"
#include "load.h"
#include "lock.h"
#include "open.h"
#include "symbol.h"
#include "tls.h"
#include "unload.h"

static void table_hold(const void *address, int count)
{
    linker_lock_take();
    struct object *object = object_at(address);
    if (object != NULL)
        object->held += count;
    linker_lock_release();
}

static void table_fork(int when)
{
    if (when == 2) {
        tls_binding_forked();
        /* no other thread exists to end its constructors, so that no thread waits for them */
        for (struct object *object = fixed.program; object != NULL; object = object_next(object))
            if (object->constructor != arch_thread_pointer())
                object->constructor = NULL;
    }
    lock_fork(when);
}

static void table_construct(int argc, char **argv, char **envp)
{
    init_arguments(argc, argv, envp);
    init_all();
}

static struct __pthread *table_tls_main(void)
{
    return tls_main();
}

static struct __pthread *table_tls_make(void *memory)
{
    return tls_make(memory);
}

static void table_tls_free(struct __pthread *thread)
{
    tls_free(thread);
}

const struct linker dl_table = {
    .version = LINKER_VERSION,
    .tls_main = table_tls_main,
    .tls_size = tls_size,
    .tls_make = table_tls_make,
    .tls_free = table_tls_free,
    .tls_address = tls_address,
    .fork = table_fork,
    .construct = table_construct,
    .destruct = fini_process,
    .open = open_named,
    .close = unload_handle,
    .symbol = symbol_find,
    .info = info_get,
    .address = symbol_address,
    .objects = info_objects,
    .hold = table_hold,
};
