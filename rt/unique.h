/* STB_GNU_UNIQUE: one definition of a name for the whole process. */
#ifndef RT_UNIQUE_H
#define RT_UNIQUE_H

#include "lookup.h"

/* Replaces *definition by the first that was found of that name. Under musl's rules nothing
 * changes. false: no memory. */
bool unique_resolve(struct definition *definition, const struct reference *reference);

/* Forgets the definitions found in an object that goes before anything could use it. */
void unique_forget(const struct object *object);

#endif
