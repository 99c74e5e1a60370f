/* Lazy binding, and who was bound to whom. */
#ifndef RT_BIND_H
#define RT_BIND_H

#include "relocate.h"

/* Called by arch_resolve() with what PLT0 and PLTn have pushed: binds slot number `index` of
 * DT_JMPREL, and answers where to go on. Takes the linker's lock in no case; may
 * run in a signal handler. */
uintptr_t bind_slot(struct object *object, uintptr_t index);
uintptr_t bind_slot_traced(struct object *object, uintptr_t index);

/* Makes all slots of an object reach the resolver. The object has object->got. */
void bind_lazily(struct object *object);

/* Notes that `object` now uses `definer`, which therefore has to stay as long as it does. false: no
 * memory. */
bool bind_note(struct object *object, const struct object *definer);

/* One of a kind in the process (STB_GNU_UNIQUE): the definition that was found first. */
bool unique_settle(struct definition *definition, const struct reference *reference);

/* An object goes before anyone could use it: what was found in it is forgotten. */
void unique_forget(const struct object *object);

#endif
