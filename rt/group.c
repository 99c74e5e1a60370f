#include "group.h"

#include "allocate.h"
#include "base/problem.h"
#include "fixed.h"
#include "load.h"

bool group_join_one(struct scope *group, struct object *object, struct problem *problem)
{
    bool there = object->permanent && object->global;
    size_t free = object->scope_count; /* an entry that a group has left, or the end */
    for (size_t j = 0; j < object->scope_count; j++) {
        there |= object->scopes[j] == group;
        if (object->scopes[j] == NULL)
            free = j;
    }
    if (there)
        return true;
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
    return true;
}

/* Lookup in a group comes after the global scope. */
bool group_join(struct scope *group, bool fresh, struct problem *problem)
{
    for (size_t i = 0; i < group->count; i++)
        if ((!fresh || group->objects[i]->state == OBJECT_MAPPED) &&
            !group_join_one(group, group->objects[i], problem))
            return false;
    return true;
}

/* Entries become NULL, because a thread may be reading the array. */
void group_leave(const struct scope *group, bool all)
{
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        for (size_t i = 0; i < object->scope_count && (all || !object->unused); i++)
            if (object->scopes[i] == group)
                __atomic_store_n(&object->scopes[i], NULL, __ATOMIC_RELEASE);
}
