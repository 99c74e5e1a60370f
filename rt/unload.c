#include "unload.h"

#include "dl_trace.h"
#include "handle.h"
#include "lock.h"
#include "trace.h"

#include "allocate.h"
#include "base/linker.h"
#include "base/problem.h"
#include "debug.h"
#include "fixed.h"
#include "group.h"
#include "init.h"
#include "load.h"
#include "lock.h"
#include "lookup.h"
#include "rules.h"
#include "tls.h"
#include "trace.h"

/* Mark: an object keeps its dependencies and the objects that it is bound to, and so on. Without
 * recursion or allocation, because a chain of dependencies may be long. */
static void mark_one(struct object **list, struct object *object, unsigned mark)
{
    if (object->mark == mark)
        return;
    object->mark = mark;
    object->mark_next = *list;
    *list = object;
}

static void mark_from(struct object *object, unsigned mark)
{
    struct object *list = NULL; /* marked objects whose own dependencies are not marked yet */
    mark_one(&list, object, mark);
    while (list != NULL) {
        object = list;
        list = object->mark_next;
        for (size_t i = 0; i < object->dependency_count; i++)
            mark_one(&list, object->dependencies[i], mark);
        for (size_t i = 0; i < object->bound_count; i++)
            mark_one(&list, object->bound[i], mark);
    }
}

static unsigned mark_current;

/* init.c counts from 0, too: bit 31 keeps the two apart. */
static void mark_begin(void)
{
    mark_current = (mark_current + 1) | 1u << 31;
}

/* Marks from the roots: objects that are open, were there at start, or are being opened. */
static void mark_used(void)
{
    mark_begin();
    leaf_lock_take(LEAF_BINDING); /* another thread may be noting a binding */
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        if (object->permanent || object->opened > 0 || object->held > 0 ||
            object->state <= OBJECT_CONSTRUCTING)
            mark_from(object, mark_current);
    leaf_lock_release(LEAF_BINDING);
}

/* Finds the objects that nothing uses any more. false: there are none. */
static bool find_unused(void)
{
    bool found = false;
    mark_used();
    for (struct object *object = fixed.program; object != NULL; object = object_next(object)) {
        object->unused = object->mark != mark_current;
        found |= object->unused;
    }
    return found;
}

/* Objects that have come into use again stay. */
static void retain_used(void)
{
    mark_used();
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        object->unused &= object->mark != mark_current;
}

/* An object that stays may look names up in the group of a root that goes, and have no group of its
 * own. It gets one: itself and its dependencies, which all stay (as in glibc's ld.so). false: no
 * memory. */
static bool inherit(void)
{
    for (struct object *object = fixed.program; object != NULL; object = object_next(object)) {
        bool loses = false;
        for (size_t i = 0; i < object->scope_count && !object->unused; i++)
            loses |= object->scopes[i] != NULL && object->scopes[i]->objects[0]->unused;
        if (!loses)
            continue;
        if (object->group.count == 0 && !object_group(object, &object->group)) {
            scope_free(&object->group);
            return false;
        }
        struct problem problem;
        if (!group_join(&object->group, false, &problem))
            return false;
    }
    return true;
}

/* Removes the unused objects from the scopes of the others. They go on to look names up among
 * themselves, because their destructors may be bound lazily. */
static void withdraw(void)
{
    for (struct object *object = fixed.program; object != NULL; object = object_next(object)) {
        if (!object->unused)
            continue;
        if (object->global) {
            scope_remove(&scope_global, object);
            scope_add(&scope_unused,
                      object); /* without memory, the other unused objects do not find it */
        }
        group_leave(&object->group, false);
    }
}

static bool thread_runs(const void *thread, void *context)
{
    const struct object *object = context;
    return fixed.client->runs(thread, (const void *)object->start,
                              (const void *)(object->start + object->span));
}

/* Makes libc-min forget the object's addresses. true: the object's code may still run, by a signal
 * or in a thread. */
static bool forget(struct object *object)
{
    return fixed.client->forget((const void *)object->start,
                                (const void *)(object->start + object->span)) ||
           tls_any_thread(thread_runs, object);
}

/* A busy object goes on to call its dependencies: their memory stays, too, now and later. */
static void retain_needed(void)
{
    mark_begin();
    leaf_lock_take(LEAF_BINDING);
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        if (object->unused && object->busy)
            mark_from(object, mark_current);
    leaf_lock_release(LEAF_BINDING);
    for (struct object *object = fixed.program; object != NULL; object = object_next(object)) {
        if (object->mark != mark_current)
            continue;
        if (object->unused)
            object->busy = true;
        else
            object->permanent = true;
    }
}

/* Removes the groups of the unused objects. A busy object goes on to bind names, in a group of its
 * own. */
static void leave_groups(void)
{
    struct problem problem;
    for (struct object *object = fixed.program; object != NULL; object = object_next(object)) {
        if (!object->unused)
            continue;
        group_leave(&object->group, true);
        if (object->busy && (object->group.count > 0 || object_group(object, &object->group)))
            group_join_one(&object->group, object, &problem); /* without memory: not found */
    }
}

/* A busy object that is in no list any more: the objects that it binds to stay. */
static void detach(struct object *object)
{
    object->unused = false;
    object->permanent = true;
}

static void run_destructors(void)
{
    struct object **link = &init_last;
    while (*link != NULL) {
        struct object *object = *link;
        if (!object->unused) {
            link = &object->constructed_before;
            continue;
        }
        *link = object->constructed_before;
        if (fixed.client != NULL)
            fixed.client->unload((const void *)object->start,
                                 (const void *)(object->start + object->span));
        fini_run(object);
        if (object->unused)
            object->busy = fixed.client != NULL && forget(object);
        retain_used();     /* a destructor may have opened one of the others */
        link = &init_last; /* or changed the chain */
    }
}

/* In this order:
 *  1. out of the scopes, and wait       (a thread may be binding a name that it has found there)
 *  2. destructors                       (of what atexit() has, too: they may call dlopen())
 *  3. the groups, but for what is busy   (a thread, or a signal, may still run its code)
 *  4. thread-local blocks, the list, the mapping
 * What is used again, because a thread was faster in 1 or a destructor in 2 has opened it, stays.
 */
/* Unloads every object that nothing uses. Under the linker's lock, which destructors run with;
 * called by one of them, it leaves the work to the call that runs it. */
static void unload_unused(void)
{
    static bool busy, again;
    if (busy) {
        again = true; /* called by a destructor: the call that runs it goes on */
        return;
    }
    busy = true;
    do {
        struct object *object, *next;
        again = false;
        if (!find_unused() || !inherit())
            break;
        debug_state(RT_DELETE);
        withdraw();
        void *old = scope_compact(&scope_global);
        bool seen = !tls_binding_wait();
        if (!seen)
            release(old);
        retain_used();
        run_destructors();
        retain_needed();
        leave_groups();
        for (object = fixed.program; object != NULL; object = next) {
            next = object_next(object);
            if (!object->unused)
                continue;
            trace(TRACE_INIT, "unload",
                  (FIELD_TEXT("object", object_title(object)),
                   FIELD_TEXT("memory", object->busy ? "stays" : "unmapped")),
                  "%s: unloaded%s", object_title(object),
                  object->busy ? ", but for its memory: a thread or a signal handler is in it"
                               : "");
            if (object->busy)
                detach(object);
            else
                tls_remove(object);
            object_drop(object, seen || object->busy);
        }
        scope_unused.count = 0;
        debug_state(RT_CONSISTENT);
    } while (again);
    busy = false;
}

bool unload_handle(void *handle, struct problem *problem)
{
    linker_lock_take();
    struct object *object = handle_object(handle, problem);
    bool done = object != NULL;
    if (trace_on(TRACE_DL))
        dl_trace_close(object);
    if (object != NULL && object != fixed.program && fixed.rules->unload) {
        done = object->opened > 0 ||
               problem_set(problem, "%s: dlclose() more often than dlopen()", object_title(object));
        if (object->opened > 0 && --object->opened == 0)
            unload_unused();
    }
    linker_lock_release();
    return done;
}
