/* What libc-min calls: one row a function. */
#include "dl.h"

#include "arch.h"
#include "base/text.h"
#include "fixed.h"
#include "info.h"
#include "init.h"
#include "load.h"
#include "lock.h"
#include "open.h"
#include "symbol.h"
#include "tls.h"
#include "trace.h"
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

static void table_allocation(enum linker_allocation what, const void *address, size_t bytes)
{
    static const struct {
        const char event[8], text[56];
    } lines[] = {
        [ALLOCATION_BREAK] = {"break", "break up to 0x%lx, by %zu"},
        [ALLOCATION_TRIM] = {"trim", "break down to 0x%lx, by %zu"},
        [ALLOCATION_MAP] = {"map", "mapping at 0x%lx, %zu bytes"},
        [ALLOCATION_UNMAP] = {"unmap", "mapping at 0x%lx unmapped, %zu bytes"},
        [ALLOCATION_KEEP] = {"keep", "mapping at 0x%lx freed and kept, %zu bytes"},
        [ALLOCATION_REUSE] = {"reuse", "mapping at 0x%lx used again, %zu bytes"},
        [ALLOCATION_REMAP] = {"remap", "mapping now at 0x%lx, %zu bytes"},
        [ALLOCATION_RUN] = {"run", "run at 0x%lx of blocks of %zu bytes"},
        [ALLOCATION_RELEASE] = {"release", "run at 0x%lx released, of blocks of %zu bytes"},
        [ALLOCATION_ADVISE] = {"advise", "free pages at 0x%lx given back, %zu bytes"},
    };
    if (!trace_on(TRACE_MALLOC))
        return;
    const struct trace_field fields[] = {
        FIELD_ADDRESS("address", (uintptr_t)address),
        FIELD_NUMBER("bytes", bytes),
    };
    char text[96];
    text_format(text, sizeof text, lines[what].text, (uintptr_t)address, bytes);
    trace_line(TRACE_MALLOC, lines[what].event, fields, sizeof fields / sizeof *fields, "%s", text);
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
    .allocation = table_allocation,
};
