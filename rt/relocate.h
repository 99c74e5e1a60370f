/* Relocation (psABI 4.4): writes to images what lookup finds. */
#ifndef RT_RELOCATE_H
#define RT_RELOCATE_H

#include "base/problem.h"
#include "object.h"

/* Relocates one object: RELR and RELATIVE first, then what needs symbols. With `now` the PLT's
 * slots are bound, else they are made to reach the resolver. Places of ifuncs hold
 * arch_ifunc_trap afterwards: ifunc_settle() is to follow. false: *problem, with the object's
 * name. */
bool object_relocate(struct object *object, bool now, struct problem *problem);

#endif
