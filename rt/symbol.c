#include "symbol.h"

#include "arch.h"
#include "base/problem.h"
#include "binding.h"
#include "dl_trace.h"
#include "fixed.h"
#include "gnu_hash.h"
#include "handle.h"
#include "load.h"
#include "lock.h"
#include "lookup.h"
#include "tls.h"
#include "trace.h"
#include "unique.h"

#include <dlfcn.h>
#include <string.h>

/* glibc's <dlfcn.h>; musl's does not have them. */
enum { DL_SYMENT = 1, DL_LINKMAP = 2 };

/* RTLD_NEXT: searches the objects after the caller in the caller's scope. */
static struct definition find_next(const struct object *caller, const struct reference *reference)
{
    const struct scope *scope = &scope_global;
    if (!caller->global) {
        scope = NULL;
        for (size_t i = 0; i < caller->scope_count && scope == NULL; i++)
            scope = caller->scopes[i];
    }
    for (size_t i = 0; scope != NULL && i < scope->count; i++)
        if (scope->objects[i] == caller)
            return lookup_scope(scope, i + 1, reference, NULL);
    return (struct definition){NULL, NULL};
}

static bool find_symbol(struct object *handle, const struct object *caller,
                        const struct reference *reference, struct definition *found,
                        struct problem *problem)
{
    if (handle == RTLD_DEFAULT) {
        *found = lookup(caller, reference, NULL);
        return true;
    }
    if (handle == RTLD_NEXT) {
        *found = find_next(caller, reference);
        return true;
    }
    struct object *object = handle_object(handle, problem);
    if (object == NULL)
        return false;
    if (object == fixed.program)
        *found = lookup_scope(&scope_global, 0, reference, NULL);
    else if (object->group.count > 0)
        *found = lookup_scope(&object->group, 0, reference, NULL);
    else
        *found = lookup_object(object, reference);
    return true;
}

bool symbol_find(void *handle, const char *name, const char *version, const void *caller,
                 void **address, struct problem *problem)
{
    struct reference reference = {.newest = true};
    struct version wanted = {.name = version, .hidden = true};
    struct definition found;
    lookup_name(&reference, name, strlen(name) + 1);
    linker_lock_take();
    if (version != NULL) {
        wanted.hash = lookup_hash_sysv(version);
        reference.version = &wanted;
    }
    struct object *from = object_at(caller);
    bool done =
        find_symbol(handle, from == NULL ? fixed.program : from, &reference, &found, problem);
    if (done && found.object == NULL)
        done =
            definition_damaged(&found) != NULL
                ? problem_set(problem, "%s: the hash table's chain for %s runs out of its segment",
                              object_title(definition_damaged(&found)), name)
                : problem_set(problem, "symbol %s%s%s is not defined%s%s", name,
                              version != NULL ? "@" : "", version != NULL ? version : "",
                              handle == RTLD_DEFAULT || handle == RTLD_NEXT ? "" : " in ",
                              handle == RTLD_DEFAULT || handle == RTLD_NEXT ? ""
                                                                            : object_title(handle));
    if (done && ELF64_ST_BIND(found.symbol->st_info) == STB_GNU_UNIQUE &&
        !unique_resolve(&found, &reference))
        done = problem_set(problem, "no memory for %s", name);
    /* a definition found without a handle stays as long as the caller, as if bound by relocation */
    if (done && (handle == RTLD_DEFAULT || handle == RTLD_NEXT) && from != NULL &&
        from != found.object && !found.object->permanent && !binding_note(from, found.object))
        done = problem_set(problem, "no memory for %s", name);
    struct dl_call call = {.event = "result", .function = version == NULL ? "dlsym" : "dlvsym"};
    if (trace_on(TRACE_DL)) {
        call.argument = handle == RTLD_DEFAULT                ? "RTLD_DEFAULT"
                        : handle == RTLD_NEXT                 ? "RTLD_NEXT"
                        : handle_object(handle, NULL) != NULL ? object_title(handle)
                                                              : "no handle";
        call.argument2 = name;
        call.caller = dl_trace_caller(caller);
        call.object = done ? object_title(found.object) : NULL;
        call.error = done ? NULL : problem->text;
        call.address = done ? object_symbol_address(found.object, found.symbol) : 0;
        dl_trace(&call);
    }
    linker_lock_release();
    if (!done)
        return false;
    unsigned type = ELF64_ST_TYPE(found.symbol->st_info);
    uintptr_t value = object_symbol_address(found.object, found.symbol);
    if (type == STT_TLS)
        *address = tls_address(found.object->tls_module, found.symbol->st_value);
    else if (type == STT_GNU_IFUNC && found.symbol->st_shndx != SHN_UNDEF)
        *address = (void *)arch_resolver_call(value);
    else
        *address = (void *)value;
    return true;
}

/* The symbol that an address belongs to: the highest at or below it that has no size or reaches to
 * it. */
static const Elf64_Sym *symbol_at(const struct object *object, uintptr_t address)
{
    const Elf64_Sym *best = NULL;
    size_t count = object_symbol_count(object);
    for (size_t i = 1; i < count; i++) {
        const Elf64_Sym *symbol = &object->symbols.table[i];
        unsigned type = ELF64_ST_TYPE(symbol->st_info);
        uintptr_t start = object_symbol_address(object, symbol);
        if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS || type == STT_TLS ||
            type == STT_SECTION || symbol->st_name >= object->symbols.strings_size ||
            start > address || (symbol->st_size != 0 && address - start >= symbol->st_size))
            continue;
        if (best == NULL || start > object_symbol_address(object, best))
            best = symbol;
    }
    return best;
}

int symbol_address(const void *address, void *result, void **extra, int what)
{
    Dl_info *info = result;
    linker_lock_take();
    struct object *object = object_at(address);
    if (object != NULL) {
        const Elf64_Sym *symbol = symbol_at(object, (uintptr_t)address);
        info->dli_fname = object->name;
        info->dli_fbase = (void *)object->start;
        info->dli_sname = symbol == NULL ? NULL : object->symbols.strings + symbol->st_name;
        info->dli_saddr = symbol == NULL ? NULL : (void *)object_symbol_address(object, symbol);
        if (extra != NULL && what == DL_SYMENT)
            *extra = (void *)symbol;
        if (extra != NULL && what == DL_LINKMAP)
            *extra = &object->map;
    }
    linker_lock_release();
    return object != NULL;
}
