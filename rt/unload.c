#include "unload.h"

#include "allocate.h"
#include "base/linker.h"
#include "base/problem.h"
#include "debug.h"
#include "dl.h"
#include "group.h"
#include "init.h"
#include "load.h"
#include "lock.h"
#include "lookup.h"
#include "tls.h"
#include "trace.h"

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
        if (!group_join(&object->group, false, &problem))
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
        group_leave(&object->group, false);
    }
}

static bool thread_runs(const void *thread, void *context)
{
    const struct object *object = context;
    return dl_client->runs(thread, (const void *)object->start,
                           (const void *)(object->start + object->span));
}

/* What libc-min holds of its addresses is forgotten. true: its code may still run, by a signal or
 * in a thread. */
static bool forget(struct object *object)
{
    return dl_client->forget((const void *)object->start,
                             (const void *)(object->start + object->span)) ||
           tls_any_thread(thread_runs, object);
}

/* What is busy goes on to call what it needs: the memory of that stays as well, if it was to go
 * now, and it does not go at another time. */
static void spare_needs(void)
{
    keep_mark++;
    leaf_lock_take(LEAF_NOTE);
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        if (object->doomed && object->busy)
            keep(object, keep_mark);
    leaf_lock_release(LEAF_NOTE);
    for (struct object *object = object_program; object != NULL; object = object_next(object)) {
        if (object->mark != keep_mark)
            continue;
        if (object->doomed)
            object->busy = true;
        else
            object->permanent = true;
    }
}

/* Groups of what goes. What is busy goes on to bind names, in a group of its own. */
static void leave_groups(void)
{
    struct problem problem;
    for (struct object *object = object_program; object != NULL; object = object_next(object)) {
        if (!object->doomed)
            continue;
        group_leave(&object->group, true);
        if (object->busy && (object->group.count > 0 || object_group(object, &object->group)))
            group_join_one(&object->group, object, &problem); /* without memory: not found */
    }
}

/* A busy object that is in no list any more: what it binds to stays. */
static void detach(struct object *object)
{
    object->doomed = false;
    object->permanent = true;
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
        if (dl_client != NULL)
            dl_client->unload((const void *)object->start,
                              (const void *)(object->start + object->span));
        fini_run(object);
        if (object->doomed)
            object->busy = dl_client != NULL && forget(object);
        spare();           /* it may have opened one of the others */
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
void unload_unused(void)
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
        spare_needs();
        leave_groups();
        for (object = object_program; object != NULL; object = next) {
            next = object_next(object);
            if (!object->doomed)
                continue;
            trace(TRACE_INIT, "%s: unloaded%s", object_title(object),
                  object->busy ? ", but for its memory: a thread or a signal handler is in it"
                               : "");
            if (object->busy)
                detach(object);
            else
                tls_remove(object);
            object_drop(object, seen || object->busy);
        }
        scope_doomed.count = 0;
        debug_state(RT_CONSISTENT);
    } while (again);
    busy = false;
}
