#include "lazy.h"

#include "allocate.h"
#include "arch.h"
#include "base/problem.h"
#include "binding.h"
#include "end.h"
#include "gnu_hash.h"
#include "lock.h"
#include "lookup.h"
#include "placement.h"
#include "prefetch.h"
#include "protect.h"
#include "symbol_index.h"
#include "tls.h"
#include "trace.h"

#include <string.h>

/* Ends the process for a lazy call that cannot be bound, as glibc's ld.so does: no caller can take
 * an error. The lookup runs once more for the message, in static memory, because the stack may be a
 * signal handler's. In a damaged file, a PLT entry may have a number that is no function's, or a
 * slot outside of the object's writable memory, because another relocation has written to the
 * table. */
COLD _Noreturn static void lazy_die(struct object *object, uintptr_t index)
{
    static __attribute__((section(".bss.~problem"))) struct problem problem;
    static __attribute__((section(".bss.~problem"))) struct binding binding;
    if (index >= object->jump.count) {
        problem_set(&problem, "%s: its PLT asks for slot %lu of %zu", object_title(object), index,
                    object->jump.count);
        problem_end(&problem);
    }
    const Elf64_Rela *rela = (const Elf64_Rela *)object->jump.start + index;
    uint32_t type = (uint32_t)ELF64_R_TYPE(rela->r_info);
    if (type != ARCH_RELOCATION_SLOT)
        problem_set(&problem,
                    "%s: its PLT asks for slot %lu, whose relocation is of type %u, not %u",
                    object_title(object), index, type, ARCH_RELOCATION_SLOT);
    else if (!may_write(object, object->bias + rela->r_offset, sizeof(uint64_t)))
        problem_set(&problem, "%s: its PLT asks for slot %lu, at 0x%lx, which may not be written",
                    object_title(object), index, rela->r_offset);
    else
        binding_find(&binding, object, (uint32_t)ELF64_R_SYM(rela->r_info), true, NULL,
                     &prefetched_none, &problem);
    problem_end(&problem);
}

/* Prefetches for the slots that follow. PLT entries are in the order in which the link editor met
 * the calls, and neighbouring calls are often made one after the other. A wrong guess costs nothing
 * measurable. After a right guess (`again`), the next name's hash is computed, and the memory that
 * its lookup reads first is prefetched. */
static inline void fetch_next(const struct object *object, const Elf64_Rela *rela,
                              struct tls_binding *binding, uint32_t index, bool again)
{
    enum { OBJECTS_MOST = 4 };
    const struct symbols *symbols = &object->symbols;
    size_t left = (size_t)((const Elf64_Rela *)object->jump.start + object->jump.count - rela) - 1;
    if (left < 2)
        return;
    uint32_t next = (uint32_t)ELF64_R_SYM(rela[1].r_info);
    __builtin_prefetch(&symbols->table[(uint32_t)ELF64_R_SYM(rela[2].r_info)]);
    if (next >= symbols->limit)
        return;
    uint32_t name = symbols->table[next].st_name;
    binding->object = object;
    binding->index = index + 1;
    binding->length = 0;
    if (!again || name >= symbols->strings_size) {
        __builtin_prefetch(symbols->strings + name);
        return;
    }
    struct reference reference;
    lookup_name(&reference, symbols->strings + name, symbols->strings_size - name);
    binding->hash = reference.hash;
    binding->length = reference.length;
    uint32_t after = (uint32_t)ELF64_R_SYM(rela[2].r_info);
    if (after < symbols->limit)
        __builtin_prefetch(symbols->strings + symbols->table[after].st_name);
    /* another thread may change the scope meanwhile (scope.c): the count first, then the array */
    const struct symbol_index *names = __atomic_load_n(&scope_global.index, __ATOMIC_ACQUIRE);
    if (names != NULL) {
        symbol_index_fetch(names, reference.hash);
        return;
    }
    size_t count = __atomic_load_n(&scope_global.count, __ATOMIC_ACQUIRE);
    struct object *const *objects = __atomic_load_n(&scope_global.objects, __ATOMIC_ACQUIRE);
    for (size_t i = 0; i < OBJECTS_MOST && i < count; i++) {
        const struct object *other = __atomic_load_n(&objects[i], __ATOMIC_ACQUIRE);
        if (other == NULL || other->symbols.bucket_count == 0)
            continue;
        __builtin_prefetch(&other->symbols.bloom[reference.hash / 64 & other->symbols.bloom_mask]);
        __builtin_prefetch(&other->symbols.buckets[reference.hash % other->symbols.bucket_count]);
    }
}

/* Calls the resolver of an ifunc whose slot is bound lazily. The resolver may call other ifuncs
 * through lazy slots, but not in a circle. */
static __attribute__((noinline)) uintptr_t resolver_ask(const struct object *object,
                                                        const struct binding *binding)
{
    enum { DEEP = 16 };
    static __attribute__((section(".bss.~problem"))) struct problem problem;
    unsigned *depth = tls_resolving();
    if (++*depth > DEEP) {
        problem_set(&problem,
                    "%s: the resolver of the ifunc %s, in %s, calls itself by way of "
                    "others: a circle",
                    object_title(object), binding->reference.name,
                    object_title(binding->definition.object));
        problem_end(&problem);
    }
    uintptr_t address = arch_resolver_call(binding->address);
    --*depth;
    return address;
}

/* In this order:
 *  1. find the definition                      (counted: dlclose() waits)
 *  2. an ifunc chooses             (not counted: it is the program's code)
 *  3. store the address, in one write          (another thread that does the same stores the same)
 */
static inline __attribute__((always_inline)) uintptr_t bind(struct object *object, uintptr_t index,
                                                            bool traced)
{
    struct binding binding;
    if (__builtin_expect(index >= object->jump.count, 0))
        lazy_die(object, index);
    const Elf64_Rela *rela = (const Elf64_Rela *)object->jump.start + index;
    uint64_t *slot = (uint64_t *)(object->bias + rela->r_offset);
    if (__builtin_expect(ELF64_R_TYPE(rela->r_info) != ARCH_RELOCATION_SLOT ||
                             !may_write(object, (uintptr_t)slot, sizeof *slot),
                         0))
        lazy_die(object, index);
    struct tls_binding *thread = tls_binding();
    __atomic_store_n(&thread->under_way, thread->under_way + 1, __ATOMIC_RELAXED);
    bool again = thread->object == object && thread->index == index;
    struct prefetched name = {again ? thread->hash : 0, again ? thread->length : 0, NULL, 0};
    fetch_next(object, rela, thread, (uint32_t)index, again);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    uint32_t symbol = (uint32_t)ELF64_R_SYM(rela->r_info);
    bool found = binding_find(&binding, object, symbol, true, NULL, &name, NULL);
    if (__builtin_expect(name.length != 0 && (!found || binding.definition.object == NULL), 0))
        found = binding_find(&binding, object, symbol, true, NULL, &prefetched_none, NULL);
    /* release: all reads of the scopes happen before this store (tls_binding_wait()) */
    __atomic_store_n(&thread->under_way, thread->under_way - 1, __ATOMIC_RELEASE);
    if (!found)
        lazy_die(object, index);
    uint64_t address = binding.address;
    __builtin_prefetch((const void *)address);
    if (__builtin_expect(binding.ifunc, 0))
        address = resolver_ask(object, &binding);
    if (traced)
        binding_trace(object, &binding, (uintptr_t)slot, *slot, address, BOUND_LAZILY,
                      ARCH_RELOCATION_SLOT, NULL);
    __atomic_store_n(slot, address, __ATOMIC_RELAXED);
    return address;
}

uintptr_t lazy_bind(struct object *object, uintptr_t index)
{
    return bind(object, index, false);
}

COLD uintptr_t lazy_bind_traced(struct object *object, uintptr_t index)
{
    return bind(object, index, true);
}
