#include "symbol_index.h"

#include "base/syscall.h"
#include "lookup.h"

#include <sys/mman.h>

/* Can the object's table be merged? An object without definitions counts as merged. */
static bool mergeable(const struct object *object)
{
    const struct symbols *symbols = &object->symbols;
    if (symbols->bucket_count == 0)
        return symbols->sysv == NULL;
    return symbols->first > 0 &&
           (symbols->limit < 1u << SYMBOL_BITS || object_symbol_count(object) < 1u << SYMBOL_BITS);
}

/* The symbols in a hash table: those before the first are undefined. */
static size_t defined_count(const struct object *object)
{
    size_t count = object_symbol_count(object);
    return count > object->symbols.first ? count - object->symbols.first : 0;
}

/* Appends one object's definitions, at most *left, because an empty entry has to end a search.
 * false: the table is damaged (chains that run out, or into each other). */
static bool merge(struct symbol_index *index, const struct object *object, uint64_t number,
                  size_t *left)
{
    const struct symbols *symbols = &object->symbols;
    uint64_t mask = index->mask;
    for (uint32_t bucket = 0; bucket < symbols->bucket_count; bucket++) {
        uint32_t i = symbols->buckets[bucket];
        if (i == 0)
            continue;
        for (uint32_t at = i - symbols->first;; at++, i++) {
            if (at >= symbols->chain_limit || i >= 1u << SYMBOL_BITS || (*left)-- == 0)
                return false;
            uint32_t hash = symbols->chain[at];
            if (at + 16 < symbols->chain_limit) /* usually of the chains that come next */
                __builtin_prefetch(&index->entries[symbols->chain[at + 16] >> 1 & mask], 1);
            uint64_t slot = hash >> 1 & mask;
            while (index->entries[slot] != 0)
                slot = (slot + 1) & mask;
            index->entries[slot] = (uint64_t)(hash | 1) << 32 | number << SYMBOL_BITS | i;
            if ((hash & 1) != 0)
                break;
        }
    }
    return true;
}

/* Nanoseconds of one machine, as a rule for when it pays; docs/performance.md. */
enum { COST_MERGE = 8, COST_PROBE = 3 };

void scope_index(struct scope *scope, size_t lookups)
{
    size_t symbols = 0, objects = 0, count = scope->count < OBJECTS ? scope->count : OBJECTS;
    for (size_t i = 0; i < count; i++)
        symbols += 2 * (size_t)scope->objects[i]->symbols.bucket_count;
    if (lookups * count / 2 * COST_PROBE < symbols * COST_MERGE)
        return;
    symbols = 0;
    for (; objects < count && mergeable(scope->objects[objects]); objects++)
        symbols += defined_count(scope->objects[objects]);
    size_t slots = 64;
    while (slots <
           symbols + symbols / 3) /* three quarters full at the most: it has to fit a cache */
        slots *= 2;
    long answer = sys_call(SYS_mmap, 0, sizeof(struct symbol_index) + slots * sizeof(uint64_t),
                           PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
                           0);
    if (sys_failed(answer))
        return;
    struct symbol_index *index = (struct symbol_index *)answer;
    index->mask = slots - 1;
    size_t merged = 0, left = slots / 8 * 7;
    while (merged < objects && merge(index, scope->objects[merged], merged, &left))
        merged++;
    scope->indexed = merged;
    scope->index = index;
}
