/* One hash table for a scope of many objects: a name is looked up once, not in each. */
#ifndef RT_INDEX_H
#define RT_INDEX_H

#include "lookup.h"

struct index;

/* true: *found is the answer for the objects that the index covers (not found may be the answer of
 * a damaged one). false: none of them has it. */
bool index_lookup(const struct index *index, const struct scope *scope,
                  const struct reference *reference, struct definition *found);

/* For lookup_ahead(): asks for a hash's first entry; says which symbol its first match is. */
struct index_place {
    const struct object *object; /* NULL: there is none */
    uint32_t symbol;
};
void index_fetch(const struct index *index, uint32_t hash);
bool index_place(const struct index *index, const struct scope *scope, uint32_t hash,
                 struct index_place *place);

/* lookup.c: is symbol `index` of the object what the reference wants, by name and version? */
bool lookup_matches(const struct object *object, uint32_t index, const struct reference *reference);

#endif
