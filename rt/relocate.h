/* Relocation (psABI 4.4): writes to images what lookup finds. */
#ifndef RT_RELOCATE_H
#define RT_RELOCATE_H

#include "lookup.h"

/* Are `size` bytes at a run-time address such that may be written? */
static inline bool may_write(const struct object *object, uintptr_t address, size_t size)
{
    uintptr_t room = object->writable_end - object->writable;
    if (__builtin_expect(object->writable_holes, 0))
        return object_has(object, address, size, PF_W);
    return size <= room && address - object->writable <= room - size;
}

/* Relocates one object: RELR and RELATIVE first, then what needs symbols, IRELATIVE last, because
 * a resolver may use the rest; then RELRO. With `now` the PLT's slots are bound, else they are made
 * to reach the resolver. false: *problem, with the object's name. */
bool object_relocate(struct object *object, bool now, struct problem *problem);

/* An indirect function's choice (R_X86_64_IRELATIVE, STT_GNU_IFUNC). */
uintptr_t indirect_choose(uintptr_t resolver);

/* What a name is for an object, found and settled: its value, unique symbols made so, the
 * dependency on who defines it noted. */
struct binding {
    struct definition definition; /* object NULL: an undefined weak symbol */
    struct reference reference;
    uintptr_t address; /* of a function or datum; an indirect function's not yet chosen */
    bool indirect;     /* address is that of its resolver */
};

/* What may help with an undefined symbol, after the message; "" as a rule. */
extern const char *relocate_hint;

/* What is wrong with a name that nobody defines. false. */
bool binding_undefined(const struct object *object, const struct reference *reference,
                       struct problem *problem);

/* "reloc JUMP_SLOT" of a type, or NULL: not one of the dynamic ones. */
const char *relocation_name(uint32_t type);

/* One line of --trace=bind. */
void binding_trace(const struct object *object, const struct binding *binding, uintptr_t slot,
                   uint64_t before, uint64_t after, const char *how);

#endif
