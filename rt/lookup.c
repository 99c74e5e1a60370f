#include "lookup.h"

#include "fixed.h"
#include "gnu_hash.h"
#include "placement.h"
#include "rules.h"
#include "symbol_index.h"

#include <string.h>

/* Are `size` bytes equal? */
static inline bool equal(const char *a, const char *b, size_t size)
{
    if (size < 8) {
        for (; size > 0; size--)
            if (*a++ != *b++)
                return false;
        return true;
    }
    for (; size > 8; size -= 8, a += 8, b += 8)
        if (name_load8(a) != name_load8(b))
            return false;
    /* the last eight, some of which may have been compared */
    return name_load8(a + size - 8) == name_load8(b + size - 8);
}

uint32_t lookup_hash_sysv(const char *name)
{
    uint32_t hash = 0;
    for (; *name != '\0'; name++) {
        hash = (hash << 4) + (unsigned char)*name;
        hash ^= hash >> 24 & 0xf0;
        hash &= 0x0fffffff;
    }
    return hash;
}

/* Is the symbol a definition for other objects: defined, global, of a type with an address? */
static inline __attribute__((always_inline)) bool usable(const Elf64_Sym *symbol, bool call)
{
    enum {
        TYPES = 1 << STT_NOTYPE | 1 << STT_OBJECT | 1 << STT_FUNC | 1 << STT_COMMON | 1 << STT_TLS |
                1 << STT_GNU_IFUNC,
        BINDINGS = 1 << STB_GLOBAL | 1 << STB_WEAK | 1 << STB_GNU_UNIQUE
    };
    unsigned type = ELF64_ST_TYPE(symbol->st_info);
    if ((TYPES >> type & 1) == 0 || (BINDINGS >> ELF64_ST_BIND(symbol->st_info) & 1) == 0)
        return false;
    unsigned visibility = ELF64_ST_VISIBILITY(symbol->st_other);
    if (visibility == STV_HIDDEN || visibility == STV_INTERNAL)
        return false;
    /* psABI 5.2, "Function Addresses": undefined with a value is a program's PLT entry, which is
     * the function's address for everyone, but not what is called */
    if (symbol->st_shndx == SHN_UNDEF)
        return symbol->st_value != 0 && !call && type != STT_TLS;
    return symbol->st_value != 0 || symbol->st_shndx == SHN_ABS || type == STT_TLS;
}

/* Does symbol number `index` have the version that the reference wants? Quirks (glibc), seen with
 * its ld.so: a reference without a version gets the base or oldest version, dlsym() the default
 * one; if there is only one version, that one, which *only and *versions keep for the end of the
 * chain. */
static bool version_fits(const struct object *object, uint32_t index,
                         const struct reference *reference, const Elf64_Sym **only,
                         unsigned *versions)
{
    const struct symbols *symbols = &object->symbols;
    const struct version *wanted = reference->version;
    if (symbols->versions == NULL)
        return true;
    uint32_t number = symbols->versions[index] & 0x7fff;
    bool hidden = (symbols->versions[index] & 0x8000) != 0;
    if (wanted == NULL) {
        if (!fixed.rules->versions)
            return !hidden;
        if (number < (reference->newest ? 2 : 3))
            return true;
        if (!hidden && (*versions)++ == 0)
            *only = &symbols->table[index];
        return false;
    }
    if (number >= symbols->version_count || symbols->version[number].name == NULL)
        return !wanted->hidden && !hidden; /* the base version */
    const struct version *version = &symbols->version[number];
    return version->hash == wanted->hash && strcmp(version->name, wanted->name) == 0;
}

/* Is symbol number `index` the definition? */
static inline __attribute__((always_inline)) bool
matches(const struct object *object, uint32_t index, const struct reference *reference,
        const Elf64_Sym **only, unsigned *versions)
{
    const struct symbols *symbols = &object->symbols;
    if (index >= symbols->limit)
        return false;
    const Elf64_Sym *symbol = &symbols->table[index];
    if (symbol->st_name >= symbols->strings_size ||
        reference->length >= symbols->strings_size - symbol->st_name)
        return false;
    return equal(symbols->strings + symbol->st_name, reference->name, reference->length + 1ul) &&
           usable(symbol, reference->call) &&
           version_fits(object, index, reference, only, versions);
}

bool lookup_matches(const struct object *object, uint32_t index, const struct reference *reference)
{
    const Elf64_Sym *only = NULL;
    unsigned versions = 0;
    return matches(object, index, reference, &only, &versions);
}

/* For objects without a GNU hash table. A damaged chain may loop, so that the walk takes no more
 * steps than there are entries. */
COLD static struct definition lookup_sysv(const struct object *object,
                                          const struct reference *reference)
{
    const uint32_t *hash = object->symbols.sysv;
    const Elf64_Sym *only = NULL;
    unsigned versions = 0;
    /* the checked numbers: a damaged library may have relocated its own hash table */
    uint32_t buckets = object->symbols.sysv_buckets, chains = object->symbols.limit, steps = 0;
    const uint32_t *chain = hash + 2 + buckets;
    for (uint32_t i = hash[2 + lookup_hash_sysv(reference->name) % buckets]; i != STN_UNDEF;
         i = chain[i]) {
        if (i >= chains || steps++ >= chains)
            return definition_damage(object);
        if (matches(object, i, reference, &only, &versions))
            return (struct definition){object, &object->symbols.table[i]};
    }
    if (versions == 1)
        return (struct definition){object, only};
    return (struct definition){NULL, NULL};
}

/* The chain of a bucket, for a name that has passed the Bloom filter. */
static inline struct definition lookup_chain(const struct object *object,
                                             const struct reference *reference)
{
    const struct symbols *symbols = &object->symbols;
    const Elf64_Sym *only = NULL;
    unsigned versions = 0;
    uint32_t i = symbols->buckets[reference->hash % symbols->bucket_count];
    if (i == 0)
        return (struct definition){NULL, NULL};
    for (uint32_t at = i - symbols->first;; at++, i++) {
        if (at >= symbols->chain_limit)
            return definition_damage(object);
        uint32_t hash = symbols->chain[at];
        if ((hash | 1) == (reference->hash | 1) && matches(object, i, reference, &only, &versions))
            return (struct definition){object, &symbols->table[i]};
        if ((hash & 1) != 0)
            break;
    }
    if (versions == 1)
        return (struct definition){object, only};
    return (struct definition){NULL, NULL};
}

/* lookup_object(), in the loop over a scope. */
static inline __attribute__((always_inline)) struct definition
find(const struct object *object, const struct reference *reference)
{
    const struct symbols *symbols = &object->symbols;
    uint32_t hash = reference->hash;
    if (symbols->bucket_count == 0)
        return symbols->sysv != NULL ? lookup_sysv(object, reference)
                                     : (struct definition){NULL, NULL};
    uint64_t word = symbols->bloom[hash / 64 & symbols->bloom_mask];
    if ((word >> (hash & 63) & word >> (hash >> symbols->bloom_shift & 63) & 1) == 0)
        return (struct definition){NULL, NULL};
    return lookup_chain(object, reference);
}

struct definition lookup_object(const struct object *object, const struct reference *reference)
{
    return find(object, reference);
}

struct definition lookup_scope(const struct scope *scope, size_t from,
                               const struct reference *reference, const struct object *except)
{
    size_t count = __atomic_load_n(&scope->count, __ATOMIC_ACQUIRE);
    struct object *const *objects = __atomic_load_n(&scope->objects, __ATOMIC_ACQUIRE);
    if (from == 0 && except == NULL && scope->index != NULL) {
        struct definition found;
        if (index_lookup(scope->index, scope, reference, &found))
            return found;
        from = scope->indexed;
    }
    for (size_t i = from; i < count; i++) {
        const struct object *object = __atomic_load_n(&objects[i], __ATOMIC_RELAXED);
        if (object == NULL || object == except)
            continue;
        struct definition found = find(object, reference);
        if (found.symbol != NULL)
            return found;
    }
    return (struct definition){NULL, NULL};
}

/* In the groups that an object was opened with. */
static struct definition lookup_groups(const struct object *object,
                                       const struct reference *reference,
                                       const struct object *except)
{
    struct definition found = {NULL, NULL};
    size_t count = __atomic_load_n(&object->scope_count, __ATOMIC_ACQUIRE);
    struct scope *const *scopes = __atomic_load_n(&object->scopes, __ATOMIC_ACQUIRE);
    for (size_t i = 0; i < count && found.symbol == NULL; i++) {
        const struct scope *scope = __atomic_load_n(&scopes[i], __ATOMIC_RELAXED);
        if (scope != NULL)
            found = lookup_scope(scope, 0, reference, except);
    }
    return found;
}

struct definition lookup(const struct object *object, const struct reference *reference,
                         const struct object *except)
{
    struct definition found;
    if ((object->flags & DF_SYMBOLIC) != 0 && object != except) {
        found = lookup_object(object, reference);
        if (found.symbol != NULL)
            return found;
    }
    /* RTLD_DEEPBIND reverses the order */
    if (__builtin_expect(object->deep, 0)) {
        found = lookup_groups(object, reference, except);
        return found.symbol != NULL ? found : lookup_scope(&scope_global, 0, reference, except);
    }
    found = lookup_scope(&scope_global, 0, reference, except);
    if (found.symbol == NULL && object->scope_count > 0)
        found = lookup_groups(object, reference, except);
    if (__builtin_expect(object->unused, 0) && found.symbol == NULL)
        found = lookup_scope(&scope_unused, 0, reference, except);
    return found;
}

struct reference lookup_reference(const struct object *object, uint32_t index)
{
    const struct symbols *symbols = &object->symbols;
    struct reference reference = {.version = lookup_version(object, index)};
    uint32_t name = symbols->table[index].st_name;
    if (name < symbols->strings_size)
        lookup_name(&reference, symbols->strings + name, symbols->strings_size - name);
    else
        lookup_name(&reference, "?", 2);
    return reference;
}
