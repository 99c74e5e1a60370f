/* Relocations whose symbols are soon to be looked up in an index: a miss of the cache costs more
 * than the rest of a lookup, and misses that do not wait for each other cost little more than one.
 */
#ifndef RT_AHEAD_H
#define RT_AHEAD_H

#include "lookup.h"

enum { AHEAD = 16 };

/* Of the name that a relocation refers to; 0, 0: not worked out. */
struct ahead_name {
    uint32_t hash, length;
    const struct object
        *object;     /* the first in the index that has the hash; NULL: none, or unknown */
    uint32_t symbol; /* and its symbol: most likely the definition */
};

/* Works out the names' hashes of `count` relocations, AHEAD at the most, and asks the processor for
 * the memory that their lookups in scope_global.index will read. */
void ahead_look(const struct object *object, const Elf64_Rela *rela, size_t count,
                struct ahead_name names[AHEAD]);

#endif
