#include "prefetch.h"

#include "arch.h"
#include "gnu_hash.h"
#include "lookup.h"
#include "symbol_index.h"

/* In this order, each step for all of them, so that what one asks for is there at the next:
 *  1. symbols and names of relocations further on
 *  2. the names' hashes; asks for the index's entries
 *  3. the entries: which symbols; asks for those
 *  4. the symbols: which names; asks for those
 */
void prefetch_names(const struct object *object, const Elf64_Rela *rela, size_t count,
                    struct prefetched names[PREFETCH_NAMES])
{
    const struct symbols *symbols = &object->symbols;
    const struct symbol_index *index = scope_global.index;
    size_t last = PREFETCH_NAMES;
    /* the names of the next window, and the symbols of the one after that; nothing has prefetched
     * those of the first two windows */
    for (size_t i = PREFETCH_NAMES; i < 2 * PREFETCH_NAMES && i < count; i++) {
        uint32_t number = (uint32_t)ELF64_R_SYM(rela[i].r_info);
        if (i + PREFETCH_NAMES < count)
            __builtin_prefetch(
                &symbols->table[(uint32_t)ELF64_R_SYM(rela[i + PREFETCH_NAMES].r_info)]);
        if (number >= symbols->limit)
            continue;
        const char *name = symbols->strings + symbols->table[number].st_name;
        __builtin_prefetch(name);
        __builtin_prefetch(name + 40);
    }
    if (count > PREFETCH_NAMES)
        count = PREFETCH_NAMES;
    for (size_t i = 0; i < count; i++) {
        uint32_t type = ELF64_R_TYPE(rela[i].r_info),
                 number = (uint32_t)ELF64_R_SYM(rela[i].r_info);
        names[i].hash = names[i].length = 0;
        names[i].object = NULL;
        if (!arch_relocation_binds(type) || number >= symbols->limit ||
            symbols->table[number].st_name >= symbols->strings_size)
            continue;
        if (last < PREFETCH_NAMES && ELF64_R_SYM(rela[last].r_info) == number)
            continue; /* one binding does for them in a row */
        last = i;
        struct reference reference;
        uint32_t name = symbols->table[number].st_name;
        lookup_name(&reference, symbols->strings + name, symbols->strings_size - name);
        names[i].hash = reference.hash;
        names[i].length = reference.length;
        symbol_index_fetch(index, reference.hash);
    }
    for (size_t i = 0; i < count; i++) {
        if (names[i].length == 0 || !index_first(index, &scope_global, &names[i]))
            continue;
        const Elf64_Sym *symbol = &names[i].object->symbols.table[names[i].symbol];
        __builtin_prefetch(symbol);
        __builtin_prefetch((const char *)symbol + sizeof *symbol - 1);
    }
    for (size_t i = 0; i < count; i++) {
        if (names[i].object == NULL || names[i].symbol >= names[i].object->symbols.limit)
            continue;
        const struct symbols *other = &names[i].object->symbols;
        const char *name = other->strings + other->table[names[i].symbol].st_name;
        __builtin_prefetch(name);
        __builtin_prefetch(name + names[i].length);
        if (other->versions != NULL)
            __builtin_prefetch(&other->versions[names[i].symbol]);
    }
}
