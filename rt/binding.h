/* From a relocation's symbol to its definition. The code is in a header because both hot paths
 * inline it: relocate.c, at start, and lazy.c, at the first call. */
#ifndef RT_BINDING_H
#define RT_BINDING_H

#include "base/problem.h"
#include "prefetch.h"
#include "symbol_index.h"
#include "unique.h"

/* The result for one reference: the definition and its value. A unique symbol is resolved, and the
 * dependency on the defining object is noted. */
struct binding {
    struct definition definition; /* object NULL: an undefined weak symbol */
    struct reference reference;
    uintptr_t address; /* of the function or variable; of an ifunc, its resolver's */
    bool ifunc;        /* address is that of its resolver */
};

/* Set when a reference has no definition. */
extern bool binding_missed;

/* Fills *problem for a reference without a definition; `problem` may be NULL. Returns false. */
bool binding_undefined(const struct object *object, const struct reference *reference,
                       struct problem *problem);

/* Notes that `object` uses `definer`: `definer` stays loaded as long as `object` does. false: no
 * memory. */
bool binding_note(struct object *object, const struct object *definer);

/* When a slot is bound. */
enum binding_when { BOUND_AT_START, BOUND_LAZILY, BOUND_AT_OPEN };

/* One line of --trace=bind. `type`: the relocation's, one that arch_relocation_type() knows.
 * `copy`: what a COPY has copied; NULL: it is none. */
struct binding_copy {
    size_t bytes;
    uintptr_t from;
};
void binding_trace(const struct object *object, const struct binding *binding, uintptr_t slot,
                   uint64_t before, uint64_t after, enum binding_when when, uint32_t type,
                   const struct binding_copy *copy);

static const struct prefetched prefetched_none = {0, 0, NULL, 0};

/* The common case of binding_find(): another object defines the symbol. */
static inline bool binding_elsewhere(struct binding *binding, struct object *object,
                                     const Elf64_Sym *symbol, uint32_t index, bool call,
                                     const struct object *except, const struct prefetched *name,
                                     struct problem *problem)
{
    if (name->length == 0) {
        binding->reference = lookup_reference(object, index);
    } else {
        binding->reference.name = object->symbols.strings + symbol->st_name;
        binding->reference.hash = name->hash;
        binding->reference.length = name->length;
        binding->reference.version = lookup_version(object, index);
        binding->reference.newest = false;
    }
    binding->reference.call = call;
    /* the prefetched entry, if its name and version match, is what lookup() would find first */
    if (name->object != NULL && (object->flags & DF_SYMBOLIC) == 0 && !object->deep &&
        lookup_matches(name->object, name->symbol, &binding->reference))
        binding->definition =
            (struct definition){name->object, &name->object->symbols.table[name->symbol]};
    else
        binding->definition = lookup(object, &binding->reference, except);
    struct definition *definition = &binding->definition;
    if (__builtin_expect(definition->object == NULL, 0)) {
        if (definition_damaged(definition) != NULL)
            return problem_set(problem, "%s: the hash table's chain for %s runs out of its segment",
                               object_title(definition_damaged(definition)),
                               binding->reference.name);
        return ELF64_ST_BIND(symbol->st_info) == STB_WEAK ||
               binding_undefined(object, &binding->reference, problem);
    }
    if (__builtin_expect(ELF64_ST_BIND(definition->symbol->st_info) == STB_GNU_UNIQUE, 0) &&
        !unique_resolve(definition, &binding->reference))
        return problem_set(problem, "%s: no memory", object_title(object));
    return definition->object->permanent || definition->object == object ||
           binding_note(object, definition->object) ||
           problem_set(problem, "%s: no memory", object_title(object));
}

/* Resolves the symbol of a relocation. The symbol's index is checked here. `except`: see
 * lookup_scope(). `name`: hash and length of the symbol's name, if known. false: *problem, with the
 * object's name. */
static inline bool binding_find(struct binding *binding, struct object *object, uint32_t index,
                                bool call, const struct object *except,
                                const struct prefetched *name, struct problem *problem)
{
    const struct symbols *symbols = &object->symbols;
    binding->address = 0;
    binding->ifunc = false;
    if (__builtin_expect(index >= symbols->limit, 0))
        return problem_set(problem,
                           "%s: a relocation's symbol %u is past the end of the table (%u)",
                           object_title(object), index, symbols->limit);
    const Elf64_Sym *symbol = &symbols->table[index];
    if (__builtin_expect(index == STN_UNDEF || lookup_own(symbol), 0)) {
        binding->reference = (struct reference){.name = object_symbol_name(object, index)};
        binding->definition = (struct definition){object, symbol};
        if (index == STN_UNDEF)
            return true;
    } else if (!binding_elsewhere(binding, object, symbol, index, call, except, name, problem)) {
        return false;
    }
    const struct definition *definition = &binding->definition;
    if (definition->object != NULL) {
        unsigned type = ELF64_ST_TYPE(definition->symbol->st_info);
        binding->address = object_symbol_address(definition->object, definition->symbol);
        binding->ifunc = type == STT_GNU_IFUNC && definition->symbol->st_shndx != SHN_UNDEF;
    }
    return true;
}

#endif
