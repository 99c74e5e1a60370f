#include "dl.h"

#include "allocate.h"
#include "arch.h"
#include "base/linker.h"
#include "base/problem.h"
#include "bind.h"
#include "debug.h"
#include "dl_trace.h"
#include "init.h"
#include "load.h"
#include "lock.h"
#include "name.h"
#include "open.h"
#include "placement.h"
#include "rules.h"
#include "search.h"
#include "tls.h"
#include "trace.h"
#include "unload.h"

#include <dlfcn.h>
#include <string.h>

/* glibc's, which musl's <dlfcn.h> has not got. */
enum {
    DI_LMID = 1,
    DI_SERINFO = 4,
    DI_SERINFOSIZE = 5,
    DI_ORIGIN = 6,
    DI_TLS_MODID = 9,
    DI_TLS_DATA = 10,
    DL_SYMENT = 1,
    DL_LINKMAP = 2,
};

const struct linker_client *dl_client;

/* Is it a handle: an object of the list? */
static struct object *handle_object(const void *handle, struct problem *problem)
{
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        if (object == handle)
            return object;
    problem_set(problem, "%#lx is no handle of dlopen()", (unsigned long)handle);
    return NULL;
}

static bool table_open(const char *name, int flags, const void *caller, void **handle,
                       struct problem *problem)
{
    struct object *object = NULL;
    char text[80];
    bool traced = trace_on(TRACE_DL);
    struct dl_call call = {.function = "dlopen", .argument = name == NULL ? "NULL" : name};
    linker_lock_take();
    if (traced) {
        call.argument2 = dl_trace_flags(flags, text, sizeof text);
        call.caller = dl_trace_caller(caller);
        dl_trace(&call);
    }
    if (name == NULL || (*name == '\0' && rules->empty_name)) {
        linker_lock_release();
        *handle = object_program;
        return true;
    }
    problem->text[0] = '\0';
    debug_state(RT_ADD);
    struct object *by = rules->one_path ? NULL : object_at(caller);
    bool done = object_open(name, flags, by == NULL ? object_program : by, &object, problem) &&
                object != NULL;
    debug_state(RT_CONSISTENT);
    linker_lock_release();
    /* it may have been there, and still wait for its constructors; they run without the lock,
     * because they may wait for a thread that throws, or forks */
    if (done)
        init_run(&object->group);
    if (traced) {
        call.result = done ? object_title(object) : problem->text;
        call.argument2 = call.caller = NULL;
        dl_trace(&call);
    }
    *handle = object;
    return done;
}

static bool table_close(void *handle, struct problem *problem)
{
    linker_lock_take();
    struct object *object = handle_object(handle, problem);
    bool done = object != NULL;
    if (trace_on(TRACE_DL))
        dl_trace_close(object);
    if (object != NULL && object != object_program && rules->unload) {
        done = object->opened > 0 ||
               problem_set(problem, "%s: dlclose() more often than dlopen()", object_title(object));
        if (object->opened > 0 && --object->opened == 0)
            unload_unused();
    }
    linker_lock_release();
    return done;
}

/* In the objects that come after the caller in the scope that it is in. */
static struct definition find_next(const struct object *caller, const struct reference *reference)
{
    const struct scope *scope = &scope_global;
    if (!caller->global) {
        scope = NULL;
        for (size_t i = 0; i < caller->scope_count && scope == NULL; i++)
            scope = caller->scopes[i];
    }
    for (size_t i = 0; scope != NULL && i < scope->count; i++)
        if (scope->objects[i] == caller)
            return lookup_scope(scope, i + 1, reference, NULL);
    return (struct definition){NULL, NULL};
}

static bool find_symbol(struct object *handle, const struct object *caller,
                        const struct reference *reference, struct definition *found,
                        struct problem *problem)
{
    if (handle == RTLD_DEFAULT) {
        *found = lookup(caller, reference, NULL);
        return true;
    }
    if (handle == RTLD_NEXT) {
        *found = find_next(caller, reference);
        return true;
    }
    struct object *object = handle_object(handle, problem);
    if (object == NULL)
        return false;
    if (object == object_program)
        *found = lookup_scope(&scope_global, 0, reference, NULL);
    else if (object->group.count > 0)
        *found = lookup_scope(&object->group, 0, reference, NULL);
    else
        *found = lookup_object(object, reference);
    return true;
}

static bool table_symbol(void *handle, const char *name, const char *version, const void *caller,
                         void **address, struct problem *problem)
{
    struct reference reference = {.newest = true};
    struct version wanted = {.name = version, .hidden = true};
    struct definition found;
    lookup_name(&reference, name, strlen(name) + 1);
    linker_lock_take();
    if (version != NULL) {
        wanted.hash = lookup_hash_sysv(version);
        reference.version = &wanted;
    }
    struct object *from = object_at(caller);
    bool done =
        find_symbol(handle, from == NULL ? object_program : from, &reference, &found, problem);
    if (done && found.object == NULL)
        done =
            definition_damaged(&found) != NULL
                ? problem_set(problem, "%s: the hash table's chain for %s runs out of its segment",
                              object_title(definition_damaged(&found)), name)
                : problem_set(problem, "symbol %s%s%s is not defined%s%s", name,
                              version != NULL ? "@" : "", version != NULL ? version : "",
                              handle == RTLD_DEFAULT || handle == RTLD_NEXT ? "" : " in ",
                              handle == RTLD_DEFAULT || handle == RTLD_NEXT ? ""
                                                                            : object_title(handle));
    if (done && ELF64_ST_BIND(found.symbol->st_info) == STB_GNU_UNIQUE &&
        !unique_settle(&found, &reference))
        done = problem_set(problem, "no memory for %s", name);
    /* what was found without a handle is kept as long as who found it, as if bound by relocation */
    if (done && (handle == RTLD_DEFAULT || handle == RTLD_NEXT) && from != NULL &&
        from != found.object && !found.object->permanent && !bind_note(from, found.object))
        done = problem_set(problem, "no memory for %s", name);
    struct dl_call call = {.function = version == NULL ? "dlsym" : "dlvsym"};
    if (trace_on(TRACE_DL)) {
        call.argument = handle == RTLD_DEFAULT                ? "RTLD_DEFAULT"
                        : handle == RTLD_NEXT                 ? "RTLD_NEXT"
                        : handle_object(handle, NULL) != NULL ? object_title(handle)
                                                              : "no handle";
        call.argument2 = name;
        call.caller = dl_trace_caller(caller);
        call.result = done ? object_title(found.object) : problem->text;
        call.value = done ? object_symbol_address(found.object, found.symbol) : 0;
        dl_trace(&call);
    }
    linker_lock_release();
    if (!done)
        return false;
    unsigned type = ELF64_ST_TYPE(found.symbol->st_info);
    uintptr_t value = object_symbol_address(found.object, found.symbol);
    if (type == STT_TLS)
        *address = tls_address(found.object->tls_module, found.symbol->st_value);
    else if (type == STT_GNU_IFUNC && found.symbol->st_shndx != SHN_UNDEF)
        *address = (void *)arch_resolver_call(value);
    else
        *address = (void *)value;
    return true;
}

/* dlinfo(3)'s Dl_serinfo, as glibc has it: musl's headers have not. */
struct search_info {
    size_t size;
    unsigned count;
    struct {
        char *name;
        unsigned flags;
    } paths[1];
};

struct search_walk {
    struct search_info *info; /* NULL: only measured */
    size_t text;              /* bytes of names so far */
    unsigned count;
    char *names;
};

static bool add_folder(void *context, const char *list, const char *folder)
{
    struct search_walk *walk = context;
    size_t size = strlen(folder) + 1;
    (void)list;
    if (walk->info != NULL && walk->count < walk->info->count) {
        walk->info->paths[walk->count].name = memcpy(walk->names + walk->text, folder, size);
        walk->info->paths[walk->count].flags = 0;
    }
    walk->text += size;
    walk->count++;
    return false;
}

static bool table_info(void *handle, int request, void *result, struct problem *problem)
{
    struct search_walk walk = {NULL, 0, 0, NULL};
    linker_lock_take();
    struct object *object = handle_object(handle, problem);
    bool done = object != NULL;
    if (done)
        switch (request) {
        case RTLD_DI_LINKMAP:
            *(struct link_map **)result = &object->map;
            break;
        case DI_LMID:
            *(long *)result = 0; /* there is one namespace */
            break;
        case DI_ORIGIN: {
            char folder[4096];
            done = search_origin(object, folder, sizeof folder) ||
                   problem_set(problem, "%s: its folder is not known", object_title(object));
            if (done)
                strcpy(result, folder);
            break;
        }
        case DI_TLS_MODID:
            *(size_t *)result = object->tls_module;
            break;
        case DI_TLS_DATA:
            *(void **)result = tls_block(object);
            break;
        case DI_SERINFO:
        case DI_SERINFOSIZE:
            search_folders(object, add_folder, &walk);
            if (request == DI_SERINFO) {
                struct search_info *info = result;
                struct search_walk fill = {info, 0, 0, (char *)&info->paths[info->count]};
                search_folders(object, add_folder, &fill);
                break;
            }
            ((struct search_info *)result)->count = walk.count;
            ((struct search_info *)result)->size =
                sizeof(struct search_info) +
                walk.count * sizeof(((struct search_info *)0)->paths[0]) + walk.text;
            break;
        default:
            done = problem_set(problem, "dlinfo: %d is no request", request);
        }
    linker_lock_release();
    return done;
}

/* The symbol that an address belongs to: the highest below it, if it is of no size or reaches so
 * far. */
static const Elf64_Sym *symbol_at(const struct object *object, uintptr_t address)
{
    const Elf64_Sym *best = NULL;
    size_t count = object_symbol_count(object);
    for (size_t i = 1; i < count; i++) {
        const Elf64_Sym *symbol = &object->symbols.table[i];
        unsigned type = ELF64_ST_TYPE(symbol->st_info);
        uintptr_t start = object_symbol_address(object, symbol);
        if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS || type == STT_TLS ||
            type == STT_SECTION || symbol->st_name >= object->symbols.strings_size ||
            start > address || (symbol->st_size != 0 && address - start >= symbol->st_size))
            continue;
        if (best == NULL || start > object_symbol_address(object, best))
            best = symbol;
    }
    return best;
}

static int table_address(const void *address, void *result, void **extra, int what)
{
    Dl_info *info = result;
    linker_lock_take();
    struct object *object = object_at(address);
    if (object != NULL) {
        const Elf64_Sym *symbol = symbol_at(object, (uintptr_t)address);
        info->dli_fname = object->name;
        info->dli_fbase = (void *)object->start;
        info->dli_sname = symbol == NULL ? NULL : object->symbols.strings + symbol->st_name;
        info->dli_saddr = symbol == NULL ? NULL : (void *)object_symbol_address(object, symbol);
        if (extra != NULL && what == DL_SYMENT)
            *extra = (void *)symbol;
        if (extra != NULL && what == DL_LINKMAP)
            *extra = &object->map;
    }
    linker_lock_release();
    return object != NULL;
}

static void table_hold(const void *address, int count)
{
    linker_lock_take();
    struct object *object = object_at(address);
    if (object != NULL)
        object->held += count;
    linker_lock_release();
}

static int table_objects(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data)
{
    int answer = 0;
    linker_lock_take();
    for (struct object *object = object_program; object != NULL && answer == 0;
         object = object_next(object)) {
        struct dl_phdr_info info = {
            .dlpi_addr = object->bias,
            .dlpi_name = object->map.l_name,
            .dlpi_phdr = object->phdr,
            .dlpi_phnum = (Elf64_Half)object->phnum,
            .dlpi_adds = objects_added,
            .dlpi_subs = objects_removed,
            .dlpi_tls_modid = object->tls_module,
            .dlpi_tls_data = tls_block(object),
        };
        answer = callback(&info, sizeof info, data);
    }
    linker_lock_release();
    return answer;
}

static void table_fork(int when)
{
    if (when == 2) {
        tls_binding_forked();
        /* nobody is going to end what another thread was constructing: nobody waits for it */
        for (struct object *object = object_program; object != NULL; object = object_next(object))
            if (object->constructor != arch_thread_pointer())
                object->constructor = NULL;
    }
    lock_fork(when);
}

/* Those that were there at start: in load order, which is the global scope's. */
static void construct_all(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    /* not under the lock: a constructor may wait for a thread that calls dlsym() */
    init_preinit(object_program);
    init_run(&scope_global);
}

void dl_construct(void)
{
    construct_all();
}

static void table_construct(int argc, char **argv, char **envp)
{
    init_arguments(argc, argv, envp);
    construct_all();
}

void dl_destruct(void)
{
    /* another thread's dlclose() must not take away what is being destructed here, without the lock
     */
    linker_lock_take();
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        object->permanent = true;
    linker_lock_release();
    fini_all();
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

static const struct linker table = {
    .version = LINKER_VERSION,
    .tls_main = table_tls_main,
    .tls_size = tls_size,
    .tls_make = table_tls_make,
    .tls_free = table_tls_free,
    .tls_address = tls_address,
    .fork = table_fork,
    .construct = table_construct,
    .destruct = dl_destruct,
    .open = table_open,
    .close = table_close,
    .symbol = table_symbol,
    .info = table_info,
    .address = table_address,
    .objects = table_objects,
    .hold = table_hold,
};

/* A name of the libc's own; NULL: it has not got it. */
HOT static void *libc_symbol(const char *name)
{
    struct reference reference = {.call = false};
    lookup_name(&reference, name, strlen(name) + 1);
    struct definition found = lookup_object(object_libc, &reference);
    return found.object == NULL ? NULL : (void *)object_symbol_address(found.object, found.symbol);
}

HOT bool dl_adopt(size_t control[2], struct problem *problem)
{
    if (object_libc == NULL || (control == NULL && dl_client != NULL))
        return true;
    const struct linker_client *found = libc_symbol("__linker_client");
    if (found == NULL || found->version != LINKER_VERSION)
        return problem_set(problem, "%s: not the libc of this linker (version %u, and it has %u)",
                           object_title(object_libc), LINKER_VERSION,
                           found == NULL ? 0 : found->version);
    if (control != NULL) {
        control[0] = found->control_size;
        control[1] = found->control_align;
        return true;
    }
    const struct linker **linker = libc_symbol("__linker");
    if (linker == NULL)
        return problem_set(problem, "%s: it has no __linker", object_title(object_libc));
    *linker = &table;
    dl_client = found;
    init_begin(dl_client->begin);
    return true;
}

void dl_stack_size(size_t size)
{
    if (dl_client != NULL)
        dl_client->stack_size(size);
}
