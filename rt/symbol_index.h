/* One hash table for a scope of many objects: a name is looked up once, not in each. */
#ifndef RT_INDEX_H
#define RT_INDEX_H

#include "lookup.h"
#include "prefetch.h"

/* Open addressing, filled in the scope's order and never emptied: of two entries of one hash the
 * one that comes first in the scope is met first, too. An entry is
 *     hash (its bit 0 set, as the chains have not got it) << 32 | object << 20 | symbol
 * and never 0, because symbol 0 is nobody's. */
struct symbol_index {
    uint64_t mask;
    uint64_t entries[];
};

enum { SYMBOL_BITS = 20, OBJECTS = 1 << (32 - SYMBOL_BITS) };

/* lookup.c: is symbol `index` of the object what the reference wants, by name and version? */
bool lookup_matches(const struct object *object, uint32_t index, const struct reference *reference);

/* true: *found is the answer for the objects that the index covers. false: none of them has it. */
static inline bool index_lookup(const struct symbol_index *index, const struct scope *scope,
                                const struct reference *reference, struct definition *found)
{
    uint64_t mask = index->mask, entry;
    for (uint64_t slot = reference->hash >> 1 & mask; (entry = index->entries[slot]) != 0;
         slot = (slot + 1) & mask) {
        if (entry >> 32 != (reference->hash | 1))
            continue;
        size_t number = (uint32_t)entry >> SYMBOL_BITS;
        uint32_t symbol = entry & ((1u << SYMBOL_BITS) - 1);
        if (number >= scope->indexed)
            return false; /* the first half of a damaged table */
        const struct object *object = scope->objects[number];
        if (lookup_matches(object, symbol, reference)) {
            *found = (struct definition){object, &object->symbols.table[symbol]};
            return true;
        }
        /* which of several versions is for the whole chain to say */
        if (reference->version == NULL && object->symbols.versions != NULL) {
            *found = lookup_object(object, reference);
            if (found->object != NULL)
                return true;
        }
    }
    return false;
}

/* Asks the processor for a hash's first entry. */
static inline void symbol_index_fetch(const struct symbol_index *index, uint32_t hash)
{
    __builtin_prefetch(&index->entries[hash >> 1 & index->mask]);
}

/* Fills in the symbol of the hash's first entry: the answer, if its name and version are right. */
static inline bool index_first(const struct symbol_index *index, const struct scope *scope,
                               struct prefetched *name)
{
    uint64_t mask = index->mask, entry;
    for (uint64_t slot = name->hash >> 1 & mask; (entry = index->entries[slot]) != 0;
         slot = (slot + 1) & mask)
        if (entry >> 32 == (name->hash | 1)) {
            size_t number = (uint32_t)entry >> SYMBOL_BITS;
            if (number >= scope->indexed)
                return false;
            name->object = scope->objects[number];
            name->symbol = entry & ((1u << SYMBOL_BITS) - 1);
            return true;
        }
    return false;
}

#endif
