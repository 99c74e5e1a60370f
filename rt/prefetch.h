/* Relocations whose symbols are soon to be looked up in an index: a miss of the cache costs more
 * than the rest of a lookup, and misses that do not wait for each other cost little more than one.
 */
#ifndef RT_AHEAD_H
#define RT_AHEAD_H

#include "lookup.h"

enum { PREFETCH_NAMES = 16 };

/* Of the name that a relocation refers to; 0, 0: not worked out. */
struct prefetched {
    uint32_t hash, length;
    const struct object
        *object;     /* the first in the index that has the hash; NULL: none, or unknown */
    uint32_t symbol; /* and its symbol: most likely the definition */
};

/* Works out the names' hashes of `count` relocations, PREFETCH_NAMES at the most, and asks the
 * processor for the memory that their lookups in scope_global.index will read. */
void prefetch_names(const struct object *object, const Elf64_Rela *rela, size_t count,
                    struct prefetched names[PREFETCH_NAMES]);

#endif
