#include "binding.h"

#include "allocate.h"
#include "arch.h"
#include "base/problem.h"
#include "base/text.h"
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
                        uint64_t before, uint64_t after, enum binding_when when, uint32_t type,
                        const struct binding_copy *copy)
{
    static const char *const whens[] = {"start", "lazy", "open"};
    const struct object *definer = binding->definition.object;
    const struct version *version = binding->reference.version;
    const char *who = definer == NULL ? NULL : object_title(definer);
    char how[80];
    const struct trace_field fields[] = {
        FIELD_TEXT("object", object_title(object)),
        FIELD_ADDRESS("slot", slot),
        FIELD_TEXT("symbol", binding->reference.name),
        FIELD_TEXT("version", version != NULL ? version->name : NULL),
        FIELD_ADDRESS("before", before),
        FIELD_ADDRESS("after", after),
        FIELD_TEXT("definer", who),
        FIELD_TEXT("how", whens[when]),
        FIELD_TEXT("relocation", arch_relocation_type(type)->name),
        FIELD_NUMBER("bytes", copy == NULL ? 0 : copy->bytes),
        FIELD_ADDRESS("from", copy == NULL ? 0 : copy->from),
    };
    size_t count = sizeof fields / sizeof *fields - (copy == NULL ? 2 : 0);
    if (copy != NULL)
        text_format(how, sizeof how, "COPY of %zu bytes from %#lx", copy->bytes, copy->from);
    else
        text_format(how, sizeof how, "%s",
                    when == BOUND_LAZILY    ? "lazy: by the resolver, and straight from now on"
                    : when == BOUND_AT_OPEN ? "when it is opened, as by musl's linker"
                                            : arch_relocation_type(type)->name);
    bool plt = object_has(object, before, 1, PF_X);
    trace_line(TRACE_BIND, "bind", fields, count, "%s: slot %#lx: %s%s%s: %#lx%s -> %#lx in %s, %s",
               object_title(object), slot, binding->reference.name, version != NULL ? "@" : "",
               version != NULL ? version->name : "", before, plt ? " (its PLT entry)" : "", after,
               who == NULL ? "nobody (weak)" : who, how);
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
