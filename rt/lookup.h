/* Names to definitions (gABI, "Hash Table" and "Shared Object Dependencies"). Lookup reads, and
 * takes no lock; it writes nothing. */
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

/* A search that ends in an object whose hash table runs out of its segment. In the symbol's place:
 * a definition is two words, which are returned in registers. */
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
    bool call;   /* JUMP_SLOT: the place of a function's PLT entry in a program is no answer */
    bool newest; /* dlsym(): of several versions the default one, not the oldest */
};

/* The SysV hash; of versions too. */
uint32_t lookup_hash_sysv(const char *name);

/* In one object. */
struct definition lookup_object(const struct object *object, const struct reference *reference);

/* In a scope, from object number `from` on, `except` left out (NULL: nobody). */
struct definition lookup_scope(const struct scope *scope, size_t from,
                               const struct reference *reference, const struct object *except);

/* As an object's own reference is resolved: itself first if it says so (DF_SYMBOLIC), the global
 * scope, the scopes of the groups that it was opened with. */
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

/* Is the symbol its own object's whatever else there is: local, hidden, protected? */
static inline bool lookup_own(const Elf64_Sym *symbol)
{
    return symbol->st_shndx != SHN_UNDEF && (ELF64_ST_BIND(symbol->st_info) == STB_LOCAL ||
                                             ELF64_ST_VISIBILITY(symbol->st_other) != STV_DEFAULT);
}

extern struct scope scope_global;

/* What was in it and is being unloaded: for what is unloaded with it. dl.c. */
extern struct scope scope_unused;

/* Appends, unless it is there. false: no memory. Under the linker's lock. */
bool scope_add(struct scope *scope, struct object *object);
void scope_remove(struct scope *scope, struct object *object);
/* Takes out the NULLs that have been left, if they are many. The old array, to be released when no
 * reader has it any more; or NULL. */
void *scope_compact(struct scope *scope);
bool scope_has(const struct scope *scope, const struct object *object);
void scope_free(struct scope *scope);

/* Merges the hash tables of a scope's objects into one, if so many lookups are to come that it
 * pays. Nothing is said if it does not, or there is no memory: the lookups are the same. */
void scope_index(struct scope *scope, size_t lookups);

#endif
