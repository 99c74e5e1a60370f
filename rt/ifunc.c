#include "ifunc.h"

#include "allocate.h"
#include "arch.h"
#include "base/problem.h"
#include "binding.h"
#include "lazy.h"
#include "load.h"
#include "protect.h"
#include "trace.h"

/* COPY relocations of data that may contain places of unresolved ifuncs. */
struct copy {
    uintptr_t from, to;
    size_t size; /* bytes */
    struct copy *next;
};
static struct copy *copies;

bool ifunc_copy(const struct object *object, uintptr_t from, uintptr_t to, size_t size,
                struct problem *problem)
{
    struct copy *copy = allocate(sizeof *copy);
    if (copy == NULL)
        return problem_set(problem, "%s: no memory", object_title(object));
    *copy = (struct copy){from, to, size, copies};
    copies = copy;
    return true;
}

/* Stores a resolved ifunc's address, in its place and in copies of the place. */
static void settle_word(uintptr_t where, uint64_t value)
{
    *(uint64_t *)where = value;
    for (const struct copy *copy = copies; copy != NULL; copy = copy->next)
        if (where - copy->from < copy->size && copy->size - (where - copy->from) >= sizeof value)
            *(uint64_t *)(copy->to + (where - copy->from)) = value;
}

/* One pass over the places of unresolved ifuncs. */
struct settling {
    bool open;    /* some still are */
    bool settled; /* some no longer are */
    struct problem *problem;
};

/* One of them. */
static bool settle_place(struct object *object, const Elf64_Rela *rela, struct settling *settling)
{
    uint32_t type = ELF64_R_TYPE(rela->r_info), index = (uint32_t)ELF64_R_SYM(rela->r_info);
    uintptr_t where = object->bias + rela->r_offset, choice;
    struct binding binding = {.reference.name = ARCH_RELOCATIONS "IRELATIVE"};
    if (type == ARCH_RELOCATION_IFUNC) {
        binding.address = object->bias + (uint64_t)rela->r_addend;
        binding.definition.object = object;
    } else if (!binding_find(&binding, object, index, type == ARCH_RELOCATION_SLOT, NULL,
                             &prefetched_none, settling->problem)) {
        return false;
    } else if (!binding.ifunc) {
        return true; /* a library may have relocated its own symbol table */
    }
    if (!ifunc_choose(binding.address, &choice)) {
        if (!settling->open)
            problem_set(settling->problem,
                        "%s: the resolver of %s, at 0x%lx in %s, calls an ifunc that "
                        "waits for it to be chosen: a circle",
                        object_title(object), binding.reference.name,
                        binding.address - binding.definition.object->bias,
                        object_title(binding.definition.object));
        settling->open = true;
        return true;
    }
    if (type != ARCH_RELOCATION_SLOT && type != ARCH_RELOCATION_IFUNC)
        choice += (uint64_t)rela->r_addend;
    if (trace_on(TRACE_BIND))
        binding_trace(object, &binding, where, *(uint64_t *)where, choice, BOUND_AT_START, type,
                      NULL);
    settle_word(where, choice);
    settling->settled = true;
    return true;
}

static bool settle_table(struct object *object, const struct table *table,
                         struct settling *settling)
{
    const Elf64_Rela *rela = table->start;
    for (size_t i = 0; i < table->count; i++) {
        uint32_t type = ELF64_R_TYPE(rela[i].r_info);
        uintptr_t where = object->bias + rela[i].r_offset;
        if ((type == ARCH_RELOCATION_IFUNC || arch_relocation_binds(type)) &&
            may_write(object, where, sizeof(uint64_t)) &&
            *(const uint64_t *)where == (uintptr_t)arch_ifunc_trap &&
            !settle_place(object, &rela[i], settling))
            return false;
    }
    return true;
}

/* One pass over all objects, last loaded first, the order of relocation. */
static bool settle_all(struct object *first, struct object *last, struct settling *settling)
{
    for (struct object *object = last;; object = (struct object *)object->map.l_prev) {
        if (object->unsettled && (!settle_table(object, &object->rela, settling) ||
                                  !settle_table(object, &object->jump, settling)))
            return false;
        if (object == first)
            return true;
    }
}

static bool settle(struct object *first, struct object *last, struct problem *problem)
{
    for (;;) {
        struct settling settling = {.problem = problem};
        if (!settle_all(first, last, &settling))
            return false;
        if (!settling.open)
            return true;
        if (!settling.settled)
            return false; /* the pass has filled *problem for the first that is left */
    }
}

bool ifunc_settle(struct object *first, struct problem *problem)
{
    bool any = false, done = true;
    struct object *last = first;
    for (struct object *object = first; object != NULL; object = object_next(object)) {
        any |= object->unsettled;
        last = object;
    }
    if (any)
        done = settle(first, last, problem);
    while (copies != NULL) {
        struct copy *copy = copies;
        copies = copy->next;
        release(copy);
    }
    for (struct object *object = first; object != NULL && done; object = object_next(object)) {
        done = !object->unprotected || protect_close(object, problem);
        object->unsettled = object->unprotected = false;
    }
    return done;
}
