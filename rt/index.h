/* One hash table for a scope of many objects: a name is looked up once, not in each. */
#ifndef RT_INDEX_H
#define RT_INDEX_H

#include "lookup.h"

struct index;

/* true: *found is the answer for the objects that the index covers (not found may be the answer of
 * a damaged one). false: none of them has it. */
bool index_lookup(const struct index *index, const struct scope *scope,
                  const struct reference *reference, struct definition *found);

/* lookup.c: is symbol `index` of the object what the reference wants, by name and version? */
bool lookup_matches(const struct object *object, uint32_t index, const struct reference *reference);

#endif
