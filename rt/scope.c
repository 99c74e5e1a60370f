/* Scopes change under the linker's lock while other threads read them without a lock (object.h). */
#include "allocate.h"
#include "lookup.h"

struct scope scope_global, scope_unused;

bool scope_has(const struct scope *scope, const struct object *object)
{
    for (size_t i = 0; i < scope->count; i++)
        if (scope->objects[i] == object)
            return true;
    return false;
}

bool scope_add(struct scope *scope, struct object *object)
{
    if (scope == &scope_global) {
        if (object->global)
            return true;
    } else if (scope_has(scope, object)) {
        return true;
    }
    if (scope->count == scope->room) {
        size_t room = scope->room == 0 ? 14 : 2 * scope->room;
        struct object **grown = allocate_grown(scope->objects, scope->count, room);
        if (grown == NULL)
            return false;
        /* the old array of the global scope is not released, because a thread may be reading it;
         * all old arrays together are no longer than the new one. A group has no reader while it
         * grows. */
        if (scope != &scope_global)
            release(scope->objects);
        __atomic_store_n(&scope->objects, grown, __ATOMIC_RELEASE);
        scope->room = room;
    }
    scope->objects[scope->count] = object;
    __atomic_store_n(&scope->count, scope->count + 1, __ATOMIC_RELEASE);
    if (scope == &scope_global)
        object->global = true;
    return true;
}

void scope_remove(struct scope *scope, struct object *object)
{
    if (scope == &scope_global)
        object->global = false;
    for (size_t i = 0; i < scope->count; i++)
        if (scope->objects[i] == object)
            __atomic_store_n(&scope->objects[i], NULL, __ATOMIC_RELEASE);
    /* a reader of the old count finds NULL, or what is appended next */
    size_t count = scope->count;
    while (count > 0 && scope->objects[count - 1] == NULL)
        count--;
    __atomic_store_n(&scope->count, count, __ATOMIC_RELEASE);
}

void scope_free(struct scope *scope)
{
    release(scope->objects);
    *scope = (struct scope){NULL, 0, 0, NULL, 0};
}

void *scope_compact(struct scope *scope)
{
    enum { FEW = 16 };
    size_t kept = 0;
    for (size_t i = 0; i < scope->count; i++)
        kept += scope->objects[i] != NULL;
    if (scope->count - kept < FEW || scope->count - kept < kept)
        return NULL;
    /* as long as the old array, with NULL behind the end, for a reader that has the old count */
    struct object **old = scope->objects, **compact = allocate_grown(NULL, 0, scope->room);
    if (compact == NULL)
        return NULL;
    kept = 0;
    for (size_t i = 0; i < scope->count; i++)
        if (old[i] != NULL)
            compact[kept++] = old[i];
    __atomic_store_n(&scope->objects, compact, __ATOMIC_RELEASE);
    __atomic_store_n(&scope->count, kept, __ATOMIC_RELEASE);
    return old;
}
