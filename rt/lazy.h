/* Lazy binding: the first call through a PLT slot binds the slot. */
#ifndef RT_LAZY_H
#define RT_LAZY_H

#include "object.h"

/* arch_resolve() calls this with what PLT0 and PLTn have pushed. Binds slot number `index` of
 * DT_JMPREL and returns the function's address. Never takes the linker's lock; may run in a signal
 * handler. */
uintptr_t lazy_bind(struct object *object, uintptr_t index);
uintptr_t lazy_bind_traced(struct object *object, uintptr_t index);

#endif
