#include "open.h"

#include "base/problem.h"
#include "bind.h"
#include "dl.h"
#include "group.h"
#include "load.h"
#include "relocate.h"
#include "rules.h"
#include "search.h"
#include "settle.h"
#include "tls.h"
#include "version.h"

#include <dlfcn.h>

bool open_bind_now;

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
    return dl_adopt(NULL, problem) && settle_indirect(first, problem);
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

/* dlopen() of an object that is in the list now, with those from `first` on new, or none. */
static bool open_object(struct object *object, struct object *first, int flags,
                        struct problem *problem)
{
    bool new_group = object->group.count == 0;
    if (first != NULL && !prepare(first, problem))
        return false;
    if (new_group && !object_group(object, &object->group))
        return problem_set(problem, "%s: no memory", object_title(object));
    if (first != NULL && (flags & OPEN_DEEPBIND) != 0 && rules->deep_bind)
        for (struct object *new = first; new != NULL; new = object_next(new))
            new->deep = true;
    /* others that it depends on get to see it when nothing can fail any more: what they bind to it
     * would otherwise be there when it is not */
    if (new_group && !group_join(&object->group, true, problem))
        return false;
    if (first != NULL && !relocate_from(first, (flags & RTLD_NOW) != 0 || open_bind_now, problem))
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
    struct object *object = object_program;
    while (object_next(object) != NULL)
        object = object_next(object);
    return object;
}

/* The list before anything of a dlopen() is in it, to tell what is new. */
bool object_open(const char *name, int flags, struct object *caller, struct object **result,
                 struct problem *problem)
{
    struct object *before = last_object();
    if (*name == '\0')
        return problem_set(problem, "dlopen(): the name is empty");
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
