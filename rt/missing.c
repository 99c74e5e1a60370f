#include "missing.h"

#include "arch.h"
#include "base/problem.h"
#include "explain.h"
#include "fixed.h"
#include "load.h"
#include "lookup.h"
#include "prefetch.h"
#include "relocate.h"
#include "symbol_index.h"

#include <string.h>

/* Does a relocation refer to an undefined symbol that some object has to define? */
static bool has_to_be_found(const struct object *object, const Elf64_Rela *rela)
{
    const struct symbols *symbols = &object->symbols;
    uint32_t index = (uint32_t)ELF64_R_SYM(rela->r_info);
    if (index == STN_UNDEF || index >= symbols->limit)
        return false;
    const Elf64_Sym *symbol = &symbols->table[index];
    return !lookup_own(symbol) && ELF64_ST_BIND(symbol->st_info) != STB_WEAK;
}

/* `prefetched`: the result of prefetch_names() for the relocation, or NULL. */
static bool is_missing(const struct object *object, const Elf64_Rela *rela,
                       const struct prefetched *prefetched, struct reference *reference)
{
    if (!has_to_be_found(object, rela))
        return false;
    *reference = lookup_reference(object, (uint32_t)ELF64_R_SYM(rela->r_info));
    reference->call = ELF64_R_TYPE(rela->r_info) == ARCH_RELOCATION_SLOT;
    if (prefetched != NULL && prefetched->object != NULL &&
        lookup_matches(prefetched->object, prefetched->symbol, reference))
        return false;
    struct definition found = lookup(object, reference, NULL);
    return found.symbol == NULL;
}

bool missing_slots(void)
{
    struct prefetched window[PREFETCH_NAMES];
    struct reference reference;
    bool indexed = scope_global.index != NULL;
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *object = scope_global.objects[i];
        const Elf64_Rela *jump = object->jump.start;
        if (object->state != OBJECT_MAPPED || !object_is_lazy(object, false))
            continue;
        for (size_t slot = 0; slot < object->jump.count; slot++) {
            if (indexed && slot % PREFETCH_NAMES == 0)
                prefetch_names(object, jump + slot, object->jump.count - slot, window);
            if (is_missing(object, jump + slot, indexed ? &window[slot % PREFETCH_NAMES] : NULL,
                           &reference))
                return true;
        }
    }
    return false;
}

/* Those found so far, for one line. */
enum { NAMES_MOST = 24 };
struct missing {
    struct {
        struct reference reference;
        const struct object *by;
    } names[NAMES_MOST];
    size_t count; /* of all, those that do not fit too */
    size_t calls; /* of them, those that only lazy slots of a PLT refer to */
};

static void missing_add(struct missing *missing, const struct reference *reference,
                        const struct object *by)
{
    for (size_t i = 0; i < missing->count && i < NAMES_MOST; i++)
        if (strcmp(missing->names[i].reference.name, reference->name) == 0)
            return;
    if (missing->count < NAMES_MOST) {
        missing->names[missing->count].reference = *reference;
        missing->names[missing->count].by = by;
    }
    missing->count++;
    missing->calls += reference->call && object_is_lazy(by, false);
}

static void collect(struct missing *missing, const struct object *object, const struct table *table,
                    size_t from)
{
    const Elf64_Rela *rela = table->start;
    struct reference reference;
    for (size_t i = from; i < table->count; i++)
        if (is_missing(object, &rela[i], NULL, &reference))
            missing_add(missing, &reference, object);
}

static void append_help(const struct missing *missing, struct problem *problem)
{
    struct object *libc = explain_libc_open();
    size_t known = 0, listed = missing->count < NAMES_MOST ? missing->count : NAMES_MOST;
    for (size_t i = 0; i < listed; i++)
        known += explain_libc_has(libc, &missing->names[i].reference);
    if (known > 0)
        problem_append(problem, "; libc-min lacks %s: %s--linker=interp has %s",
                       known < listed ? "some of them"
                       : listed == 1  ? "it"
                                      : "them",
                       explain_uexec(), listed == 1 ? "it" : "them");
    if (missing->calls == missing->count)
        problem_append(problem, "; %s--bind=lazy starts without, until one is called",
                       explain_uexec());
    if (libc != NULL)
        object_discard(libc);
}

bool missing_all(bool help, struct problem *problem)
{
    struct missing missing = {.count = 0};
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *object = scope_global.objects[i];
        collect(&missing, object, &object->rela, object->relative_count);
        collect(&missing, object, &object->jump, 0);
    }
    problem_set(problem, "%zu %s not defined: ", missing.count,
                missing.count == 1 ? "symbol is" : "symbols are");
    for (size_t i = 0; i < missing.count && i < NAMES_MOST; i++) {
        problem_append(problem, "%s%s", i == 0 ? "" : ", ", missing.names[i].reference.name);
        bool last = i + 1 == missing.count || i + 1 == NAMES_MOST ||
                    missing.names[i + 1].by != missing.names[i].by;
        if (last)
            problem_append(problem, " (for %s)", explain_short_name(missing.names[i].by));
    }
    if (missing.count > NAMES_MOST)
        problem_append(problem, " and %zu more", missing.count - NAMES_MOST);
    problem_append(problem, "; ");
    explain_searched(problem, fixed.program);
    if (help && missing.count == 1)
        explain_near(problem, &missing.names[0].reference);
    if (help)
        append_help(&missing, problem);
    struct problem inner = *problem;
    return problem_set(problem, "%s", inner.text); /* made printable */
}
