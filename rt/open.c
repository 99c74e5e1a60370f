#include "open.h"

#include "debug.h"
#include "dl_trace.h"
#include "lock.h"
#include "trace.h"

#include "base/problem.h"
#include "client.h"
#include "end.h"
#include "fixed.h"
#include "group.h"
#include "ifunc.h"
#include "init.h"
#include "lazy.h"
#include "load.h"
#include "lookup.h"
#include "relocate.h"
#include "rules.h"
#include "tls.h"
#include "unique.h"
#include "version.h"

#include <dlfcn.h>

/* glibc's dlopen() refuses these, as the object itself and as a dependency, unless they are loaded
 * already. */
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
 *  6. ifuncs                          (a resolver may use all that is relocated);
 *     then the group becomes everyone's in it
 *  7. constructors
 */
static bool prepare(struct object *first, struct problem *problem)
{
    if (!object_load_needed(first, problem))
        return false;
    for (struct object *object = first; object != NULL && fixed.rules->refuse;
         object = object_next(object))
        if (!may_open(object, problem))
            return false;
    for (struct object *object = first; object != NULL; object = object_next(object))
        if (!version_check(object, problem) || !tls_add(object, false, problem))
            return false;
    return true;
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
    for (object = fixed.program; object != NULL; object = object_next(object))
        tls_commit(object);
    return client_adopt(problem) && ifunc_settle(first, problem);
}

/* Removes the objects from `first` on from the list. Of their code, at most ifuncs' resolvers have
 * run. */
static void undo(struct object *first)
{
    bool seen = false;
    /* memory was short when some were in the global scope already */
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
        if (object == fixed.libc)
            fixed.libc = NULL;
        group_leave(&object->group, true);
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

/* dlopen() of an object that is in the list now; the objects from `first` on (NULL: none) are new.
 */
static bool open_object(struct object *object, struct object *first, int flags,
                        struct problem *problem)
{
    bool new_group = object->group.count == 0;
    if (first != NULL && !prepare(first, problem))
        return false;
    if (new_group && !object_group(object, &object->group))
        return problem_set(problem, "%s: no memory", object_title(object));
    if (first != NULL && (flags & OPEN_DEEPBIND) != 0 && fixed.rules->deep_bind)
        for (struct object *new = first; new != NULL; new = object_next(new))
            new->deep = true;
    /* loaded objects that it depends on join its group when nothing can fail any more: otherwise
     * they might be bound to an object that is removed again */
    if (new_group && !group_join(&object->group, true, problem))
        return false;
    if (first != NULL && !relocate_from(first, (flags & RTLD_NOW) != 0 || fixed.bind_now, problem))
        return false;
    if (!group_join(&object->group, false, problem))
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
    struct object *object = fixed.program;
    while (object_next(object) != NULL)
        object = object_next(object);
    return object;
}

/* The last object before a dlopen() appends any tells which are new. */
static bool object_open(const char *name, int flags, struct object *caller, struct object **result,
                        struct problem *problem)
{
    struct object *before = last_object();
    if (*name == '\0')
        return problem_set(problem, "dlopen(): the name is empty");
    struct object *object = (flags & RTLD_NOLOAD) != 0
                                ? object_find(name, caller)
                                : object_load(name, caller, "opened", problem);
    if (object == NULL)
        return (flags & RTLD_NOLOAD) == 0 ||
               problem_set(problem, "%s: not loaded, and RTLD_NOLOAD was given", name);
    struct object *first = object_next(before);
    /* a running constructor may open an object whose own dlopen() has not returned: it is whole */
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

bool open_named(const char *name, int flags, const void *caller, void **handle,
                struct problem *problem)
{
    struct object *object = NULL;
    char text[80];
    bool traced = trace_on(TRACE_DL);
    struct dl_call call = {.event = "call",
                           .function = "dlopen",
                           .argument = name == NULL ? "NULL" : name};
    linker_lock_take();
    if (traced) {
        call.argument2 = dl_trace_flags(flags, text, sizeof text);
        call.caller = dl_trace_caller(caller);
        dl_trace(&call);
    }
    if (name == NULL || (*name == '\0' && fixed.rules->empty_name)) {
        linker_lock_release();
        *handle = fixed.program;
        return true;
    }
    problem->text[0] = '\0';
    debug_state(RT_ADD);
    struct object *by = fixed.rules->one_path ? NULL : object_at(caller);
    bool first_libc = fixed.libc == NULL;
    bool done = (!first_libc || fixed_open(problem)) &&
                object_open(name, flags, by == NULL ? fixed.program : by, &object, problem) &&
                object != NULL;
    if (first_libc && !fixed_close(problem))
        problem_end(problem); /* opened code may run only with fixed protected */
    debug_state(RT_CONSISTENT);
    linker_lock_release();
    /* an object that was loaded before may still wait for its constructors. Constructors run
     * without the lock, because one may wait for a thread that throws or forks */
    if (done)
        init_run(&object->group);
    if (traced) {
        call.event = "result";
        call.object = done ? object_title(object) : NULL;
        call.error = done ? NULL : problem->text;
        call.argument2 = call.caller = NULL;
        dl_trace(&call);
    }
    *handle = object;
    return done;
}
