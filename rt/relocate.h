/* Relocation (psABI 4.4): writes to images what lookup finds. */
#ifndef RT_RELOCATE_H
#define RT_RELOCATE_H

#include "base/problem.h"
#include "lookup.h"

/* Are `size` bytes at a run-time address such that may be written? */
static inline bool may_write(const struct object *object, uintptr_t address, size_t size)
{
    uintptr_t room = object->writable_end - object->writable;
    if (__builtin_expect(object->writable_holes, 0))
        return object_has(object, address, size, object->text_open ? 0 : PF_W);
    return size <= room && address - object->writable <= room - size;
}

/* Relocates one object: RELR and RELATIVE first, then what needs symbols. With `now` the PLT's
 * slots are bound, else they are made to reach the resolver. Places of indirect functions hold
 * arch_indirect_trap afterwards: settle_indirect() is to follow. false: *problem, with the object's
 * name. */
bool object_relocate(struct object *object, bool now, struct problem *problem);

/* Are its slots bound at the first call? `now`: none is to be. */
static inline bool object_is_lazy(const struct object *object, bool now)
{
    return !now && object->may_be_lazy;
}

/* What a name is for an object, found and settled: its value, unique symbols made so, the
 * dependency on who defines it noted. */
struct binding {
    struct definition definition; /* object NULL: an undefined weak symbol */
    struct reference reference;
    uintptr_t address; /* of a function or datum; an indirect function's not yet chosen */
    bool indirect;     /* address is that of its resolver */
};

/* A name has been asked for that no object defines. */
extern bool relocate_undefined;

/* What is wrong with a name that nobody defines. `problem` NULL: it is not told. false. */
bool binding_undefined(const struct object *object, const struct reference *reference,
                       struct problem *problem);

/* "reloc JUMP_SLOT" of a type, or NULL: not one of the dynamic ones. */
const char *relocation_name(uint32_t type);

/* One line of --trace=bind. */
void binding_trace(const struct object *object, const struct binding *binding, uintptr_t slot,
                   uint64_t before, uint64_t after, const char *how);

#endif
