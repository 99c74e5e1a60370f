#include "dl.h"

#include "../libc-min/include/linker.h"
#include "allocate.h"
#include "bind.h"
#include "debug.h"
#include "init.h"
#include "load.h"
#include "lock.h"
#include "name.h"
#include "rules.h"
#include "search.h"
#include "system.h"
#include "tls.h"
#include "trace.h"
#include "version.h"

#include <dlfcn.h>
#include <string.h>

/* glibc's, which musl's <dlfcn.h> has not got. */
enum {
    DEEPBIND = 8,
    DI_LMID = 1,
    DI_SERINFO = 4,
    DI_SERINFOSIZE = 5,
    DI_ORIGIN = 6,
    DI_TLS_MODID = 9,
    DI_TLS_DATA = 10,
    DL_SYMENT = 1,
    DL_LINKMAP = 2,
};

static const struct linker_client *client;

bool dl_bind_now;

/* The error's text is as long as a problem's. */
_Static_assert(sizeof(struct linker_error) == sizeof(struct problem), "one is the other");

static struct problem *as_problem(struct linker_error *error)
{
    return (struct problem *)error;
}

/* Is it a handle: an object of the list? */
static struct object *handle_object(const void *handle, struct problem *problem)
{
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        if (object == handle)
            return object;
    problem_set(problem, "%#lx is no handle of dlopen()", (unsigned long)handle);
    return NULL;
}

/* What glibc's dlopen() does not bring, neither itself nor by way of another; what is there already
 * is another matter. */
static bool may_open(const struct object *object, struct problem *problem)
{
    if ((object->flags_1 & DF_1_PIE) != 0)
        return problem_set(problem, "%s: a program, and no library (DF_1_PIE)",
                           object_title(object));
    if ((object->flags_1 & DF_1_NOOPEN) != 0)
        return problem_set(problem, "%s: linked so that dlopen() refuses it (DF_1_NOOPEN)",
                           object_title(object));
    return true;
}

/* In this order, for an object that is new in the process, with all that it needs:
 *  1. the list: what is needed is mapped          (a failure takes all of it away again)
 *  2. versions, thread-local modules              (relocations need the modules' numbers)
 *  3. scopes: the group becomes that of the new   (relocations look names up there)
 *  4. relocation, last loaded first
 *  5. first contents of static thread-local blocks, which may have been relocated
 *  6. indirect functions                          (a resolver may use all that is relocated);
 *     then the group becomes everyone's in it
 *  7. constructors
 */
static bool prepare(struct object *first, struct problem *problem)
{
    if (!object_load_needed(first, problem))
        return false;
    for (struct object *object = first; object != NULL && rules->refuse;
         object = object_next(object))
        if (!may_open(object, problem))
            return false;
    for (struct object *object = first; object != NULL; object = object_next(object))
        if (!version_check(object, problem) || !tls_add(object, false, problem))
            return false;
    return true;
}

/* Every object of a group looks names up in it, after the global scope; with `fresh`, those that
 * are not yet relocated. */
static bool join_group(struct scope *group, bool fresh, struct problem *problem)
{
    for (size_t i = 0; i < group->count; i++) {
        struct object *object = group->objects[i];
        if (fresh && object->state != OBJECT_MAPPED)
            continue;
        bool there = object->permanent && object->global;
        size_t free = object->scope_count; /* a place that a group has left, or the end */
        for (size_t j = 0; j < object->scope_count; j++) {
            there |= object->scopes[j] == group;
            if (object->scopes[j] == NULL)
                free = j;
        }
        if (there)
            continue;
        if (free == object->scope_room) {
            size_t room = object->scope_room == 0 ? 2 : 2 * object->scope_room;
            struct scope **grown = allocate_grown(object->scopes, object->scope_count, room);
            if (grown == NULL)
                return problem_set(problem, "%s: no memory", object_title(object));
            /* the old one is not released: a thread may be reading it */
            __atomic_store_n(&object->scopes, grown, __ATOMIC_RELEASE);
            object->scope_room = room;
        }
        __atomic_store_n(&object->scopes[free], group, __ATOMIC_RELEASE);
        if (free == object->scope_count)
            __atomic_store_n(&object->scope_count, free + 1, __ATOMIC_RELEASE);
    }
    return true;
}

/* Nobody looks names up in a group any more, or nobody but the doomed. */
static void leave_group(const struct scope *group, bool all)
{
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        for (size_t i = 0; i < object->scope_count && (all || !object->doomed); i++)
            if (object->scopes[i] == group)
                __atomic_store_n(&object->scopes[i], NULL, __ATOMIC_RELEASE);
}

static bool relocate_from(struct object *first, bool now, struct problem *problem)
{
    struct object *object = first;
    while (object_next(object) != NULL)
        object = object_next(object);
    for (;; object = (struct object *)object->map.l_prev) {
        if (object->state == OBJECT_MAPPED && !object_relocate(object, now, problem))
            return false;
        if (object == first)
            break;
    }
    for (object = object_program; object != NULL; object = object_next(object))
        tls_commit(object);
    return dl_adopt(NULL, problem) && indirect_settle(first, problem);
}

/* Takes away what is from `first` on in the list; of its code indirect functions have run at the
 * most. */
static void undo(struct object *first)
{
    bool seen = false;
    /* it was memory that was short, and some are in the global scope already */
    for (struct object *object = first; object != NULL; object = object_next(object))
        if (object->global) {
            scope_remove(&scope_global, object);
            seen = true;
        }
    if (seen)
        seen = !tls_binding_wait();
    while (first != NULL) {
        struct object *object = first;
        first = object_next(object);
        if (object == object_libc)
            object_libc = NULL;
        leave_group(&object->group, true);
        tls_remove(object);
        unique_forget(object);
        object_drop(object, seen);
    }
}

static void make_permanent(struct scope *group)
{
    for (size_t i = 0; i < group->count; i++)
        group->objects[i]->permanent = true;
}

/* dlopen() of an object that is in the list now, with those from `first` on new, or none. */
static bool open_object(struct object *object, struct object *first, int flags,
                        struct problem *problem)
{
    bool new_group = object->group.count == 0;
    if (first != NULL && !prepare(first, problem))
        return false;
    if (new_group && !object_group(object, &object->group))
        return problem_set(problem, "%s: no memory", object_title(object));
    if (first != NULL && (flags & DEEPBIND) != 0 && rules->deep_bind)
        for (struct object *new = first; new != NULL; new = object_next(new))
            new->deep = true;
    /* others that it depends on get to see it when nothing can fail any more: what they bind to it
     * would otherwise be there when it is not */
    if (new_group && !join_group(&object->group, true, problem))
        return false;
    if (first != NULL && !relocate_from(first, (flags & RTLD_NOW) != 0 || dl_bind_now, problem))
        return false;
    if (!join_group(&object->group, false, problem))
        return false;
    if ((flags & RTLD_GLOBAL) != 0)
        for (size_t i = 0; i < object->group.count; i++)
            if (!scope_add(&scope_global, object->group.objects[i]))
                return problem_set(problem, "%s: no memory", object_title(object));
    if ((flags & RTLD_NODELETE) != 0 || (object->flags_1 & DF_1_NODELETE) != 0)
        make_permanent(&object->group);
    for (struct object *new = first; new != NULL; new = object_next(new))
        if ((new->flags_1 &DF_1_NODELETE) != 0)
            new->permanent = true;
    return true;
}

static struct object *last_object(void)
{
    struct object *object = object_program;
    while (object_next(object) != NULL)
        object = object_next(object);
    return object;
}

/* The list before anything of a dlopen() is in it, to tell what is new. */
static bool open_locked(const char *name, int flags, struct object *caller, struct object **result,
                        struct problem *problem)
{
    struct object *before = last_object();
    search_paths.verb = "opened";
    struct object *object = (flags & RTLD_NOLOAD) != 0 ? object_find(name, caller)
                                                       : object_load(name, caller, problem);
    search_paths.verb = "needed";
    if (object == NULL)
        return (flags & RTLD_NOLOAD) == 0 ||
               problem_set(problem, "%s: not loaded, and RTLD_NOLOAD was given", name);
    struct object *first = object_next(before);
    /* a constructor that is running opens an object that is still being opened: it has all */
    if (!open_object(object, first, flags, problem)) {
        if (object->group.count > 0 && first == NULL)
            return false;
        undo(first);
        return false;
    }
    object->opened++;
    *result = object;
    return true;
}

/* --trace=dl: a call of the program's, and what came of it. */
struct call {
    const char *function, *argument, *argument2; /* argument2: NULL: none */
    const char *caller;                          /* NULL: not known */
    const char *result;                          /* or what went wrong; NULL: none yet */
    uintptr_t value;                             /* 0: none */
};

static __attribute__((cold)) void trace_call(const struct call *call)
{
    const char *result = call->result == NULL ? "" : call->result;
    const struct trace_field fields[] = {
        {.name = "call", .text = call->function},
        {.name = "argument", .text = call->argument},
        {.name = "argument2", .text = call->argument2 == NULL ? "" : call->argument2},
        {.name = "caller", .text = call->caller == NULL ? "" : call->caller},
        {.name = "result", .text = result},
        {.name = "value", .number = call->value, .hex = true},
    };
    char value[24] = "";
    if (call->value != 0)
        text_format(value, sizeof value, "%#lx", call->value);
    trace_line(TRACE_DL, fields, sizeof fields / sizeof *fields, "%s(%s%s%s)%s%s%s%s%s%s",
               call->function, call->argument, call->argument2 == NULL ? "" : ", ",
               call->argument2 == NULL ? "" : call->argument2, call->caller == NULL ? "" : " by ",
               call->caller == NULL ? "" : call->caller,
               call->result == NULL && call->value == 0 ? "" : ": ", value,
               call->value != 0 && result[0] != '\0' ? " in " : "", result);
}

/* The flags of a dlopen() in words. */
static __attribute__((cold)) const char *flags_text(int flags, char *text, size_t room)
{
    static const struct {
        int flag;
        char name[16];
    } names[] = {{RTLD_NOW, "RTLD_NOW"},           {RTLD_NOLOAD, "RTLD_NOLOAD"},
                 {DEEPBIND, "RTLD_DEEPBIND"},      {RTLD_GLOBAL, "RTLD_GLOBAL"},
                 {RTLD_NODELETE, "RTLD_NODELETE"}};
    size_t length = 0;
    text[0] = '\0';
    if ((flags & RTLD_NOW) == 0)
        length = text_format(text, room, "RTLD_LAZY");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((flags & names[i].flag) != 0)
            length += text_format(text + length, room - length, "%s%s", length == 0 ? "" : "|",
                                  names[i].name);
    return text;
}

/* What a call is traced as made by: an address in it. */
static const char *caller_title(const void *caller)
{
    struct object *object = object_at(caller);
    return object == NULL ? NULL : object_title(object);
}

static bool table_open(const char *name, int flags, const void *caller, void **handle,
                       struct linker_error *error)
{
    struct problem *problem = as_problem(error);
    struct object *object = NULL;
    char text[80];
    bool traced = trace_on(TRACE_DL);
    struct call call = {.function = "dlopen", .argument = name == NULL ? "NULL" : name};
    linker_lock_take();
    if (traced) {
        call.argument2 = flags_text(flags, text, sizeof text);
        call.caller = caller_title(caller);
        trace_call(&call);
    }
    if (name == NULL || *name == '\0') {
        linker_lock_release();
        *handle = object_program;
        return true;
    }
    problem->text[0] = '\0';
    debug_state(RT_ADD);
    struct object *by = rules->one_path ? NULL : object_at(caller);
    bool done = open_locked(name, flags, by == NULL ? object_program : by, &object, problem) &&
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
        trace_call(&call);
    }
    *handle = object;
    return done;
}

/* Marks what an object keeps in the process: what it depends on, what it has been bound to, and so
 * on. Without recursion, and without memory of its own: a chain of dependencies may be long. */
static void keep_one(struct object **list, struct object *object, unsigned mark)
{
    if (object->mark == mark)
        return;
    object->mark = mark;
    object->keep_next = *list;
    *list = object;
}

static void keep(struct object *object, unsigned mark)
{
    struct object *list = NULL; /* marked, and what they keep is not yet */
    keep_one(&list, object, mark);
    while (list != NULL) {
        object = list;
        list = object->keep_next;
        for (size_t i = 0; i < object->dependency_count; i++)
            keep_one(&list, object->dependencies[i], mark);
        for (size_t i = 0; i < object->bound_count; i++)
            keep_one(&list, object->bound[i], mark);
    }
}

static unsigned keep_mark = 1u << 31; /* init.c counts from 0 */

/* Marks what is used: by what is open, was there at start, or is on its way in. */
static void mark_used(void)
{
    keep_mark++;
    leaf_lock_take(LEAF_NOTE); /* another thread may be noting a binding */
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        if (object->permanent || object->opened > 0 || object->held > 0 ||
            object->state <= OBJECT_CONSTRUCTING)
            keep(object, keep_mark);
    leaf_lock_release(LEAF_NOTE);
}

/* Dooms the objects that nobody uses any more. false: there are none. */
static bool doom(void)
{
    bool found = false;
    mark_used();
    for (struct object *object = object_program; object != NULL; object = object_next(object)) {
        object->doomed = object->mark != keep_mark;
        found |= object->doomed;
    }
    return found;
}

/* What has come into use again is not doomed any more. */
static void spare(void)
{
    mark_used();
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        object->doomed &= object->mark != keep_mark;
}

/* What stays looks names up in groups of roots that go, and may have none of its own: it gets one,
 * of itself and what it needs, which all stay with it (glibc's ld.so does the same). false: no
 * memory. */
static bool inherit(void)
{
    for (struct object *object = object_program; object != NULL; object = object_next(object)) {
        bool loses = false;
        for (size_t i = 0; i < object->scope_count && !object->doomed; i++)
            loses |= object->scopes[i] != NULL && object->scopes[i]->objects[0]->doomed;
        if (!loses)
            continue;
        if (object->group.count == 0 && !object_group(object, &object->group)) {
            scope_free(&object->group);
            return false;
        }
        struct problem problem;
        if (!join_group(&object->group, false, &problem))
            return false;
    }
    return true;
}

/* Takes the doomed out of what others look names up in. Among themselves they go on: their
 * destructors may be bound lazily. */
static void withdraw(void)
{
    for (struct object *object = object_program; object != NULL; object = object_next(object)) {
        if (!object->doomed)
            continue;
        if (object->global) {
            scope_remove(&scope_global, object);
            scope_add(&scope_doomed, object); /* without memory: not found by the others */
        }
        leave_group(&object->group, false);
    }
}

static bool thread_runs(const void *thread, void *context)
{
    const struct object *object = context;
    return client->runs(thread, (const void *)object->start,
                        (const void *)(object->start + object->span));
}

/* What libc-min holds of its addresses is forgotten. true: its code may still run, by a signal or in
 * a thread. */
static bool forget(struct object *object)
{
    return client->forget((const void *)object->start,
                          (const void *)(object->start + object->span)) ||
           tls_any_thread(thread_runs, object);
}

static void run_destructors(void)
{
    struct object **link = &init_last;
    while (*link != NULL) {
        struct object *object = *link;
        if (!object->doomed) {
            link = &object->constructed_before;
            continue;
        }
        *link = object->constructed_before;
        if (client != NULL)
            client->unload((const void *)object->start,
                           (const void *)(object->start + object->span));
        fini_run(object);
        if (object->doomed)
            object->busy = client != NULL && forget(object);
        spare();           /* it may have opened one of the others */
        link = &init_last; /* or changed the chain */
    }
}

/* In this order:
 *  1. out of the scopes, and wait       (a thread may be binding a name that it has found there)
 *  2. destructors                       (of what atexit() has, too: they may call dlopen())
 *  3. thread-local blocks, the list, the mapping
 * What is used again, because a thread was faster in 1 or a destructor in 2 has opened it, stays.
 */
static void unload_unused(void)
{
    static bool busy, again;
    if (busy) {
        again = true; /* in a destructor: the one who runs it goes on */
        return;
    }
    busy = true;
    do {
        struct object *object, *next;
        again = false;
        if (!doom() || !inherit())
            break;
        debug_state(RT_DELETE);
        withdraw();
        void *old = scope_compact(&scope_global);
        bool seen = !tls_binding_wait();
        if (!seen)
            release(old);
        spare();
        run_destructors();
        for (object = object_program; object != NULL; object = object_next(object))
            if (object->doomed)
                leave_group(&object->group, true);
        for (object = object_program; object != NULL; object = next) {
            next = object_next(object);
            if (!object->doomed)
                continue;
            trace(TRACE_INIT, "%s: unloaded%s", object_title(object),
                  object->busy ? ", but for its memory: a thread or a signal handler is in it" : "");
            if (!object->busy)
                tls_remove(object);
            object_drop(object, seen || object->busy);
        }
        scope_doomed.count = 0;
        debug_state(RT_CONSISTENT);
    } while (again);
    busy = false;
}

/* Before what it does. NULL: no handle. */
static __attribute__((cold)) void trace_close(const struct object *object)
{
    char opens[64];
    struct call call = {.function = "dlclose", .argument = "no handle"};
    if (object != NULL) {
        call.argument = object_title(object);
        call.result = opens;
        if (!rules->unload)
            text_format(opens, sizeof opens, "stays, as by musl's rules all do");
        else if (object->permanent)
            text_format(opens, sizeof opens, "stays");
        else
            text_format(opens, sizeof opens, "opened %zu more times",
                        object->opened > 0 ? object->opened - 1 : 0);
    }
    trace_call(&call);
}

static bool table_close(void *handle, struct linker_error *error)
{
    linker_lock_take();
    struct object *object = handle_object(handle, as_problem(error));
    bool done = object != NULL;
    if (trace_on(TRACE_DL))
        trace_close(object);
    if (object != NULL && object != object_program && rules->unload) {
        done = object->opened > 0 ||
               problem_set(as_problem(error), "%s: dlclose() more often than dlopen()",
                           object_title(object));
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
                         void **address, struct linker_error *error)
{
    struct problem *problem = as_problem(error);
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
    struct call call = {.function = version == NULL ? "dlsym" : "dlvsym"};
    if (trace_on(TRACE_DL)) {
        call.argument = handle == RTLD_DEFAULT ? "RTLD_DEFAULT"
                        : handle == RTLD_NEXT  ? "RTLD_NEXT"
                        : handle_object(handle, &(struct problem){""}) != NULL ? object_title(handle)
                                                                          : "no handle";
        call.argument2 = name;
        call.caller = caller_title(caller);
        call.result = done ? object_title(found.object) : problem->text;
        call.value = done ? object_symbol_address(found.object, found.symbol) : 0;
        trace_call(&call);
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

static bool table_info(void *handle, int request, void *result, struct linker_error *error)
{
    struct problem *problem = as_problem(error);
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
static void *libc_symbol(const char *name)
{
    struct reference reference = {.call = false};
    lookup_name(&reference, name, strlen(name) + 1);
    struct definition found = lookup_object(object_libc, &reference);
    return found.object == NULL ? NULL : (void *)object_symbol_address(found.object, found.symbol);
}

bool dl_adopt(size_t control[2], struct problem *problem)
{
    if (object_libc == NULL || (control == NULL && client != NULL))
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
    client = found;
    init_begin(client->begin);
    return true;
}

void dl_stack_size(size_t size)
{
    if (client != NULL)
        client->stack_size(size);
}
