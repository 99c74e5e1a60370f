/* Prefetch for lookups in the symbol index. A cache miss costs more than the rest of a lookup;
 * misses that do not wait for each other cost little more than one. */
#ifndef RT_AHEAD_H
#define RT_AHEAD_H

#include "lookup.h"

enum { PREFETCH_NAMES = 16 };

/* Hash and length of the name that a relocation refers to; 0, 0: not computed. */
struct prefetched {
    uint32_t hash, length;
    const struct object
        *object; /* the object of the index's first entry with the hash; NULL: none, or unknown */
    uint32_t symbol; /* ... and its symbol, most likely the definition */
};

/* Computes the hashes of the names of up to PREFETCH_NAMES relocations, and prefetches the memory
 * that their lookups in scope_global.index will read. */
void prefetch_names(const struct object *object, const Elf64_Rela *rela, size_t count,
                    struct prefetched names[PREFETCH_NAMES]);

#endif
