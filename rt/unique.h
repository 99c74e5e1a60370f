/* STB_GNU_UNIQUE: one definition of a name for the whole process. */
#ifndef RT_UNIQUE_H
#define RT_UNIQUE_H

#include "lookup.h"

/* Replaces *definition by the one of that name that was found first. Under rules without such
 * symbols nothing changes. false: no memory. */
bool unique_resolve(struct definition *definition, const struct reference *reference);

/* An object goes before anyone could use it: what was found in it is forgotten. */
void unique_forget(const struct object *object);

#endif
