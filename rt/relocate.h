/* Relocation (psABI 4.4): writes the values of definitions to images. */
#ifndef RT_RELOCATE_H
#define RT_RELOCATE_H

#include "base/problem.h"
#include "object.h"

/* Relocates one object: RELR and RELATIVE first, then relocations with symbols. With `now` the
 * PLT's slots are bound, otherwise they are made to reach the resolver. Places of ifuncs hold
 * arch_ifunc_trap until ifunc_settle(). false: *problem, with the object's name. */
bool object_relocate(struct object *object, bool now, struct problem *problem);

#endif
