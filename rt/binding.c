#include "binding.h"

#include "allocate.h"
#include "base/problem.h"
#include "explain.h"
#include "lock.h"
#include "lookup.h"
#include "placement.h"
#include "trace.h"

bool binding_missed;

COLD bool binding_undefined(const struct object *object, const struct reference *reference,
                            struct problem *problem)
{
    const struct version *version = reference->version;
    binding_missed = true;
    if (problem == NULL)
        return false;
    problem_set(problem, "%s: symbol %s%s%s is not defined by any object that it may use%s%s%s",
                object_title(object), reference->name, version != NULL ? "@" : "",
                version != NULL ? version->name : "",
                version != NULL && version->file != NULL ? " (wanted of " : "",
                version != NULL && version->file != NULL ? version->file : "",
                version != NULL && version->file != NULL ? ")" : "");
    explain_undefined(object, reference, problem);
    return false;
}

COLD void binding_trace(const struct object *object, const struct binding *binding, uintptr_t slot,
                        uint64_t before, uint64_t after, const char *how)
{
    const struct object *definer = binding->definition.object;
    const struct version *version = binding->reference.version;
    const char *who = definer == NULL ? "nobody (weak)" : object_title(definer);
    const struct trace_field fields[] = {
        {.name = "object", .text = object_title(object)},
        {.name = "slot", .number = slot, .hex = true},
        {.name = "symbol", .text = binding->reference.name},
        {.name = "version", .text = version != NULL ? version->name : ""},
        {.name = "before", .number = before, .hex = true},
        {.name = "after", .number = after, .hex = true},
        {.name = "definer", .text = who},
        {.name = "how", .text = how},
    };
    bool plt = object_has(object, before, 1, PF_X);
    trace_line(TRACE_BIND, fields, sizeof fields / sizeof *fields,
               "%s: slot %#lx: %s%s%s: %#lx%s -> %#lx in %s, %s", object_title(object), slot,
               binding->reference.name, version != NULL ? "@" : "",
               version != NULL ? version->name : "", before, plt ? " (its PLT entry)" : "", after,
               who, how);
}

bool binding_note(struct object *object, const struct object *definer)
{
    bool noted = true;
    if (object->permanent) {
        ((struct object *)definer)->permanent = true;
        return true;
    }
    leaf_lock_take(LEAF_BINDING);
    for (size_t i = 0; i < object->bound_count; i++)
        if (object->bound[i] == definer)
            goto done;
    if (object->bound_count == object->bound_room) {
        size_t room = object->bound_room == 0 ? 6 : 2 * object->bound_room;
        struct object **grown = allocate_grown(object->bound, object->bound_count, room);
        noted = grown != NULL;
        if (!noted)
            goto done;
        release(object->bound);
        object->bound = grown;
        object->bound_room = room;
    }
    object->bound[object->bound_count++] = (struct object *)definer;
done:
    leaf_lock_release(LEAF_BINDING);
    return noted;
}
