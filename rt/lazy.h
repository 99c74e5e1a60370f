/* Lazy binding: a slot of the PLT is bound when it is first called. */
#ifndef RT_LAZY_H
#define RT_LAZY_H

#include "object.h"

/* Called by arch_resolve() with what PLT0 and PLTn have pushed: binds slot number `index` of
 * DT_JMPREL, and answers where to go on. Takes the linker's lock in no case; may
 * run in a signal handler. */
uintptr_t lazy_bind(struct object *object, uintptr_t index);
uintptr_t lazy_bind_traced(struct object *object, uintptr_t index);

#endif
