/* One hash table for the symbols of a scope of many objects, so that a lookup probes once, not once
 * for each object. */
#ifndef RT_INDEX_H
#define RT_INDEX_H

#include "lookup.h"
#include "prefetch.h"

/* Open addressing, filled in the scope's order and never emptied: of two entries with one hash, the
 * one of the object that is first in the scope is met first. An entry is (hash with bit 0 set,
 * which marks the end in the chains) << 32 | object << 20 | symbol. It is never 0, because symbol 0
 * defines nothing. */
struct symbol_index {
    uint64_t mask;
    uint64_t entries[];
};

enum { SYMBOL_BITS = 20, OBJECTS = 1 << (32 - SYMBOL_BITS) };

/* lookup.c: is symbol `index` of the object what the reference wants, by name and version? */
bool lookup_matches(const struct object *object, uint32_t index, const struct reference *reference);

/* true: *found is the definition among the objects that the index covers. false: none of them has
 * one. */
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
        /* which of several versions counts, only the whole chain tells */
        if (reference->version == NULL && object->symbols.versions != NULL) {
            *found = lookup_object(object, reference);
            if (found->object != NULL)
                return true;
        }
    }
    return false;
}

/* Prefetches a hash's first entry. */
static inline void symbol_index_fetch(const struct symbol_index *index, uint32_t hash)
{
    __builtin_prefetch(&index->entries[hash >> 1 & index->mask]);
}

/* Fills in the symbol of the hash's first entry, which is the definition if name and version match.
 */
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
