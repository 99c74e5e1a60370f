/* From names to definitions (gABI, "Hash Table" and "Shared Object Dependencies"). Lookup takes no
 * lock and writes nothing. */
#ifndef RT_LOOKUP_H
#define RT_LOOKUP_H

#include "fixed.h"
#include "object.h"
#include "rules.h"

/* What a name was found to be. */
struct definition {
    const struct object *object; /* NULL: not found */
    const Elf64_Sym *symbol;     /* NULL: not found, and nothing is damaged */
};

/* The result of a search that meets an object whose hash table runs out of its segment. The mark is
 * in the symbol's place, because a definition is two words and so is returned in registers. */
static inline struct definition definition_damage(const struct object *object)
{
    return (struct definition){NULL, (const Elf64_Sym *)object};
}

/* That object; NULL: nothing is damaged. */
static inline const struct object *definition_damaged(const struct definition *definition)
{
    return definition->object == NULL ? (const struct object *)definition->symbol : NULL;
}

/* What is looked for. */
struct reference {
    const char *name;
    const struct version *version; /* NULL: none asked for */
    uint32_t hash;                 /* the GNU hash of the name */
    uint32_t length;               /* of the name, bytes, without the NUL */
    bool call;   /* for a JUMP_SLOT, the address of a program's own PLT entry is no definition */
    bool newest; /* dlsym() takes the default of several versions, not the oldest */
};

/* The SysV hash; of versions too. */
uint32_t lookup_hash_sysv(const char *name);

/* In one object. */
struct definition lookup_object(const struct object *object, const struct reference *reference);

/* Looks up in a scope, from object number `from` on, without `except` (NULL: without none). */
struct definition lookup_scope(const struct scope *scope, size_t from,
                               const struct reference *reference, const struct object *except);

/* Looks up a reference of an object: in the object first with DF_SYMBOLIC, then in the global
 * scope, then in the groups of dlopen() that the object belongs to. */
struct definition lookup(const struct object *object, const struct reference *reference,
                         const struct object *except);

/* The version that an object's symbol asks for, or NULL; the index has been checked. */
static inline const struct version *lookup_version(const struct object *object, uint32_t index)
{
    const struct symbols *symbols = &object->symbols;
    if (symbols->versions == NULL || !fixed.rules->versions)
        return NULL;
    uint32_t number = symbols->versions[index] & 0x7fff;
    return number < symbols->version_count && symbols->version[number].name != NULL
               ? &symbols->version[number]
               : NULL;
}

/* The reference that an object's symbol makes; the index has been checked. */
struct reference lookup_reference(const struct object *object, uint32_t index);

/* Is the symbol bound within its own object (local, hidden, protected)? */
static inline bool lookup_own(const Elf64_Sym *symbol)
{
    return symbol->st_shndx != SHN_UNDEF && (ELF64_ST_BIND(symbol->st_info) == STB_LOCAL ||
                                             ELF64_ST_VISIBILITY(symbol->st_other) != STV_DEFAULT);
}

extern struct scope scope_global;

/* Objects of the global scope that are being unloaded; only those that are unloaded with them look
 * here (unload.c). */
extern struct scope scope_unused;

/* Appends an object that is not in the scope. Under the linker's lock. false: no memory. */
bool scope_add(struct scope *scope, struct object *object);
void scope_remove(struct scope *scope, struct object *object);
/* Removes NULL entries if there are many. Returns the old array, which the caller releases when no
 * reader uses it any more, or NULL. */
void *scope_compact(struct scope *scope);
bool scope_has(const struct scope *scope, const struct object *object);
void scope_free(struct scope *scope);

/* Merges the hash tables of a scope's objects into one, if enough lookups are to come. Without
 * memory nothing happens: lookups find the same without it. */
void scope_index(struct scope *scope, size_t lookups);

#endif
