#include "relocate.h"

#include "allocate.h"
#include "arch.h"
#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "binding.h"
#include "fixed.h"
#include "ifunc.h"
#include "lookup.h"
#include "placement.h"
#include "prefetch.h"
#include "protect.h"
#include "rules.h"
#include "tls.h"
#include "trace.h"

#include <string.h>
#include <sys/mman.h>

static bool refuse(const struct object *object, const Elf64_Rela *rela, struct problem *problem)
{
    uint32_t type = ELF64_R_TYPE(rela->r_info);
    const char *name = arch_relocation_static_name(type);
    if (name != NULL)
        return problem_set(problem,
                           "%s: relocation " ARCH_RELOCATIONS
                           "%s at 0x%lx is not for dynamic objects",
                           object_title(object), name, rela->r_offset);
    return problem_set(problem, "%s: relocation type %u at 0x%lx is not known",
                       object_title(object), type, rela->r_offset);
}

static bool misplaced(const struct object *object, uint64_t offset, const char *what,
                      struct problem *problem)
{
    uintptr_t address = object->bias + offset;
    if (object_has(object, address, 1, PF_R))
        return problem_set(problem,
                           "%s: %s at 0x%lx is in a segment that may not be written, and there is "
                           "no DT_TEXTREL (compile with -fPIC)",
                           object_title(object), what, offset);
    return problem_set(problem, "%s: %s at 0x%lx is outside the object's segments",
                       object_title(object), what, offset);
}

/* `type` is one that arch_relocation_type() knows. */
static bool misplaced_type(const struct object *object, uint64_t offset, uint32_t type,
                           struct problem *problem)
{
    char what[32];
    text_format(what, sizeof what, ARCH_RELOCATIONS "%s", arch_relocation_type(type)->name);
    return misplaced(object, offset, what, problem);
}

/* RELATIVE, DT_RELACOUNT of them: 7 ns each where memory is not the limit. */
static bool relocate_relative(struct object *object, struct problem *problem)
{
    const Elf64_Rela *rela = object->rela.start, *end = rela + object->relative_count;
    uintptr_t bias = object->bias;
    uintptr_t low = object->writable - bias, room = object->writable_end - object->writable;
    if (rela == end)
        return true;
    bool each = room < sizeof(uint64_t) || object->writable_holes;
    for (; rela < end; rela++) {
        uint64_t offset = rela->r_offset;
        if (__builtin_expect(each || offset - low > room - sizeof(uint64_t), 0) &&
            !may_write(object, bias + offset, sizeof(uint64_t)))
            return misplaced_type(object, offset, ARCH_RELOCATION_RELATIVE, problem);
        if (__builtin_expect(rela->r_info != ARCH_RELOCATION_RELATIVE, 0))
            return problem_set(problem,
                               "%s: DT_RELACOUNT is %zu, but relocation %zu is no " ARCH_RELOCATIONS
                               "RELATIVE",
                               object_title(object), object->relative_count,
                               (size_t)(rela - (const Elf64_Rela *)object->rela.start));
        *(uint64_t *)(bias + offset) = bias + (uint64_t)rela->r_addend;
    }
    return true;
}

/* DT_RELR: an even entry is a word's address, an odd one a bitmap of the 63 words that follow. */
static bool relocate_relr(struct object *object, struct problem *problem)
{
    const uint64_t *entry = object->relr.start, *end = entry + object->relr.count;
    uintptr_t bias = object->bias, next = 0;
    for (; entry < end; entry++) {
        if ((*entry & 1) == 0) {
            next = bias + *entry;
            if (!may_write(object, next, 8))
                return misplaced(object, *entry, "DT_RELR", problem);
            *(uint64_t *)next += bias;
            next += 8;
            continue;
        }
        uint64_t bits = *entry >> 1;
        size_t size = bits == 0 ? 0 : 8 * (64 - (size_t)__builtin_clzl(bits));
        /* a run may go from one writable segment to the next */
        bool each = !may_write(object, next, size);
        for (uint64_t *word = (uint64_t *)next; bits != 0; bits >>= 1, word++) {
            if ((bits & 1) == 0)
                continue;
            if (__builtin_expect(each, 0) && !may_write(object, (uintptr_t)word, 8))
                return misplaced(object, (uintptr_t)word - bias, "DT_RELR", problem);
            *word += bias;
        }
        next += 8 * 63;
    }
    return true;
}

/* What the first pass over a table has seen. The second is ifunc_settle(). */
struct pass {
    bool ifunc_seen; /* slots of ifuncs hold arch_ifunc_trap */
    bool traced;
    size_t symbols; /* bound */
};

static bool overflow(const struct object *object, const Elf64_Rela *rela, uint64_t value,
                     const char *symbol, struct problem *problem)
{
    return problem_set(problem, "%s: " ARCH_RELOCATIONS "%s at 0x%lx: %s is too far away (0x%lx)",
                       object_title(object), arch_relocation_type(ELF64_R_TYPE(rela->r_info))->name,
                       rela->r_offset, symbol, value);
}

/* The largest size up to `size` for which `fits` is true. */
static size_t clipped(const struct object *object, uintptr_t address, size_t size,
                      bool (*fits)(const struct object *, uintptr_t, size_t))
{
    size_t least = 0; /* fits */
    if (fits(object, address, size))
        return size;
    while (size - least > 1) {
        size_t middle = least + (size - least) / 2;
        if (fits(object, address, middle))
            least = middle;
        else
            size = middle;
    }
    return least;
}

static bool may_read(const struct object *object, uintptr_t address, size_t size)
{
    return object_has(object, address, size, PF_R);
}

static bool fits_writable(const struct object *object, uintptr_t address, size_t size)
{
    return may_write(object, address, size);
}

/* COPY (R_X86_64_COPY, psABI 4.4): copies a library's variable into the program, whose copy all
 * objects use from then on. If the symbol is larger than its segment, the bytes in the segment are
 * copied, as musl and glibc do it. */
static bool relocate_copy(struct object *object, const Elf64_Rela *rela, uintptr_t to, bool traced,
                          struct problem *problem)
{
    struct binding binding;
    uint32_t index = (uint32_t)ELF64_R_SYM(rela->r_info);
    if (!binding_find(&binding, object, index, false, object, &prefetched_none, problem))
        return false;
    const Elf64_Sym *from = binding.definition.symbol;
    if (binding.definition.object == NULL || index == STN_UNDEF)
        return problem_set(problem, "%s: " ARCH_RELOCATIONS "COPY at 0x%lx of nothing",
                           object_title(object), rela->r_offset);
    const Elf64_Sym *symbol = &object->symbols.table[index];
    size_t size = from->st_size < symbol->st_size ? from->st_size : symbol->st_size;
    if (from->st_size != symbol->st_size)
        trace(TRACE_RELOC, "sizes-differ",
              (FIELD_TEXT("object", object_title(object)),
               FIELD_TEXT("symbol", binding.reference.name),
               FIELD_TEXT("definer", object_title(binding.definition.object)),
               FIELD_NUMBER("bytes", size)),
              "%s: %s is 0x%lx bytes here and 0x%lx in %s: 0x%zx are copied", object_title(object),
              binding.reference.name, symbol->st_size, from->st_size,
              object_title(binding.definition.object), size);
    size_t asked = size;
    size = clipped(object, to, size, fits_writable);
    if (size == 0 && asked > 0)
        return misplaced_type(object, rela->r_offset, ELF64_R_TYPE(rela->r_info), problem);
    size = clipped(binding.definition.object, binding.address, size, may_read);
    if (size == 0 && asked > 0)
        return problem_set(problem, "%s: %s (0x%lx bytes at 0x%lx) is outside the segments",
                           object_title(binding.definition.object), binding.reference.name,
                           from->st_size, from->st_value);
    if (size < asked)
        trace(TRACE_RELOC, "copy-cut",
              (FIELD_TEXT("object", object_title(object)),
               FIELD_TEXT("symbol", binding.reference.name), FIELD_NUMBER("bytes", size)),
              "%s: %s ends past its segment: 0x%zx of 0x%zx bytes are copied", object_title(object),
              binding.reference.name, size, asked);
    if (binding.definition.object->unsettled && size >= sizeof(uint64_t) &&
        !ifunc_copy(object, binding.address, to, size, problem))
        return false;
    uint64_t before = 0, after = 0;
    memcpy(&before, (const void *)to, size < 8 ? size : 8);
    memcpy((void *)to, (const void *)binding.address, size);
    memcpy(&after, (const void *)to, size < 8 ? size : 8);
    if (traced) {
        const struct binding_copy copy = {size, binding.address};
        binding_trace(object, &binding, to, before, after, BOUND_AT_START,
                      ELF64_R_TYPE(rela->r_info), &copy);
    }
    return true;
}

/* A variable's offset from the thread pointer, which code compiled for the static block adds. */
COLD static bool static_offset(const struct binding *binding, uint64_t addend, uint64_t *offset,
                               struct problem *problem)
{
    struct object *definer = (struct object *)binding->definition.object;
    *offset = addend;
    if (definer == NULL)
        return true;
    if (definer->tls_module == 0)
        return problem_set(problem, "%s: %s is thread-local, and the object has no PT_TLS",
                           object_title(definer), binding->reference.name);
    if (!tls_make_static(definer, problem))
        return false;
    *offset = binding->definition.symbol->st_value + addend - definer->tls_offset;
    return true;
}

/* TLSDESC: the descriptor's two words are a function and its argument. */
static bool relocate_tlsdesc(struct object *object, const struct binding *binding, uint64_t addend,
                             uint64_t *words, struct problem *problem)
{
    const struct object *definer = binding->definition.object;
    if (definer == NULL) {
        words[0] = (uintptr_t)arch_tlsdesc_undefined;
        words[1] = addend;
        return true;
    }
    if (definer->tls_module == 0)
        return problem_set(problem, "%s: %s is thread-local, and the object has no PT_TLS",
                           object_title(definer), binding->reference.name);
    uint64_t offset = binding->definition.symbol->st_value + addend;
    if (definer->tls_offset != 0) {
        words[0] = (uintptr_t)arch_tlsdesc_static;
        words[1] = offset - definer->tls_offset;
        return true;
    }
    struct tlsdesc *descriptor = allocate(sizeof *descriptor);
    if (descriptor == NULL)
        return problem_set(problem, "%s: no memory", object_title(object));
    *descriptor = (struct tlsdesc){definer->tls_module, offset, object->descriptors};
    object->descriptors = descriptor;
    words[0] = (uintptr_t)arch_tlsdesc_dynamic;
    words[1] = (uintptr_t)descriptor;
    return true;
}

/* Stores the value of one of these relocations; its symbol is resolved. */
static bool write_rare(struct object *object, const Elf64_Rela *rela,
                       const struct relocation_type *type, const struct binding *binding,
                       struct problem *problem)
{
    const struct object *definer = binding->definition.object;
    const Elf64_Sym *symbol = binding->definition.symbol;
    uintptr_t where = object->bias + rela->r_offset;
    uint64_t addend = (uint64_t)rela->r_addend, value = binding->address + addend;
    switch ((enum relocation_kind)type->kind) {
    case RELOCATION_SYMBOL:
        if (type->width ==
            8) /* it binds, which relocate_table() does; here it is among the slots */
            return refuse(object, rela, problem);
        break;
    case RELOCATION_DISTANCE:
        value -= where;
        break;
    case RELOCATION_SIZE:
        value = (definer == NULL ? 0 : symbol->st_size) + addend;
        break;
    case RELOCATION_MODULE:
        value = definer == NULL ? 0 : definer->tls_module;
        break;
    case RELOCATION_OFFSET:
        value = (definer == NULL ? 0 : symbol->st_value) + addend;
        break;
    case RELOCATION_STATIC:
        if (!static_offset(binding, addend, &value, problem))
            return problem_blame(problem, object_title(object));
        break;
    case RELOCATION_TLSDESC:
        return relocate_tlsdesc(object, binding, addend, (uint64_t *)where, problem);
    default:
        return refuse(object, rela, problem);
    }
    if (type->width == 8) {
        *(uint64_t *)where = value;
        return true;
    }
    /* a distance is signed, an address and a size are not */
    if (type->kind == RELOCATION_DISTANCE ? (int64_t)value != (int32_t)value
                                          : value != (uint32_t)value)
        return overflow(object, rela, value, binding->reference.name, problem);
    *(uint32_t *)where = (uint32_t)value;
    return true;
}

/* Relocations that are neither the GOT's nor pointers: there are few. */
static bool relocate_rare(struct object *object, const Elf64_Rela *entry, struct pass *pass,
                          struct problem *problem)
{
    struct binding binding;
    /* read once: the file may be written to between the check of the place and the write */
    const Elf64_Rela fetched = *(const volatile Elf64_Rela *)entry, *rela = &fetched;
    uintptr_t where = object->bias + rela->r_offset;
    uint32_t number = ELF64_R_TYPE(rela->r_info), index = (uint32_t)ELF64_R_SYM(rela->r_info);
    uint64_t addend = (uint64_t)rela->r_addend;
    const struct relocation_type *type = arch_relocation_type(number);
    if (type == NULL)
        return refuse(object, rela, problem);
    if (type->kind == RELOCATION_NONE)
        return true;
    if (type->kind == RELOCATION_COPY)
        return relocate_copy(object, rela, where, pass->traced, problem);
    if (!may_write(object, where, type->width))
        return misplaced_type(object, rela->r_offset, number, problem);
    if (type->kind == RELOCATION_IFUNC) {
        if (!object_has(object, object->bias + addend, 1, PF_X))
            return problem_set(problem,
                               "%s: " ARCH_RELOCATIONS "IRELATIVE at 0x%lx: 0x%lx is no code",
                               object_title(object), rela->r_offset, addend);
        *(uint64_t *)where = (uintptr_t)arch_ifunc_trap;
        pass->ifunc_seen = true;
        return true;
    }
    if (type->kind == RELOCATION_RELATIVE) {
        *(uint64_t *)where = object->bias + addend;
        return true;
    }
    if (!binding_find(&binding, object, index, false, NULL, &prefetched_none, problem))
        return false;
    uint64_t before = type->width == 4 ? *(uint32_t *)where : *(uint64_t *)where;
    if (!write_rare(object, rela, type, &binding, problem))
        return false;
    pass->symbols++;
    if (pass->traced)
        binding_trace(object, &binding, where, before,
                      type->width == 4 ? *(uint32_t *)where : *(uint64_t *)where, BOUND_AT_START,
                      number, NULL);
    return true;
}

/* Relocates one table. The GOT's relocations and pointers come first, because nearly all are. */
static inline __attribute__((always_inline)) bool
relocate_table(struct object *object, const Elf64_Rela *rela, const Elf64_Rela *end,
               struct pass *pass, bool traced, struct problem *problem)
{
    struct binding binding;
    uint64_t last = ~0ul; /* r_info's symbol and class that `binding` is for */
    uintptr_t bias = object->bias;
    bool indexed = scope_global.index != NULL;
    struct prefetched window[PREFETCH_NAMES];
    const struct prefetched *name = &prefetched_none;

    for (size_t i = 0; rela < end; rela++, i++) {
        uint32_t type = ELF64_R_TYPE(rela->r_info);
        uintptr_t where = bias + rela->r_offset;
        if (indexed) {
            if (i % PREFETCH_NAMES == 0)
                prefetch_names(object, rela, (size_t)(end - rela), window);
            name = &window[i % PREFETCH_NAMES];
        }
        if (!arch_relocation_binds(type)) {
            if (!relocate_rare(object, rela, pass, problem))
                return false;
            continue;
        }
        if (!may_write(object, where, sizeof(uint64_t)))
            return misplaced_type(object, rela->r_offset, type, problem);
        bool call = type == ARCH_RELOCATION_SLOT;
        uint32_t index = (uint32_t)ELF64_R_SYM(rela->r_info);
        if (last != ((uint64_t)index << 1 | call)) {
            if (!binding_find(&binding, object, index, call, NULL, name, problem))
                return false;
            last = (uint64_t)index << 1 | call;
        }
        uint64_t value = binding.address;
        if (__builtin_expect(binding.ifunc, 0)) {
            *(uint64_t *)where = (uintptr_t)arch_ifunc_trap;
            pass->ifunc_seen = true;
            continue;
        }
        if (!call) /* psABI: S, and S + A; glibc adds A to GLOB_DAT too */
            value += (uint64_t)rela->r_addend;
        pass->symbols++;
        if (traced)
            binding_trace(object, &binding, where, *(uint64_t *)where, value, BOUND_AT_START, type,
                          NULL);
        *(uint64_t *)where = value;
    }
    return true;
}

static bool relocate_plain(struct object *object, const Elf64_Rela *rela, const Elf64_Rela *end,
                           struct pass *pass, struct problem *problem)
{
    return relocate_table(object, rela, end, pass, false, problem);
}

COLD static bool relocate_traced(struct object *object, const Elf64_Rela *rela,
                                 const Elf64_Rela *end, struct pass *pass, struct problem *problem)
{
    return relocate_table(object, rela, end, pass, true, problem);
}

/* Relocates `table` from its entry `from` on. */
static bool relocate_symbols(struct object *object, const struct table *table, size_t from,
                             struct pass *pass, struct problem *problem)
{
    const Elf64_Rela *rela = table->start;
    bool (*relocate)(struct object *, const Elf64_Rela *, const Elf64_Rela *, struct pass *,
                     struct problem *) = pass->traced ? relocate_traced : relocate_plain;
    return relocate(object, rela + from, rela + table->count, pass, problem);
}

/* Makes all slots reach the resolver. Each slot holds the link-time address of the instruction of
 * its PLT entry that pushes the relocation's number. */
static bool prepare_slots(struct object *object, struct pass *pass, struct problem *problem)
{
    const Elf64_Rela *rela = object->jump.start, *end = rela + object->jump.count;
    for (; rela < end; rela++) {
        uintptr_t where = object->bias + rela->r_offset;
        if (__builtin_expect(ELF64_R_TYPE(rela->r_info) != ARCH_RELOCATION_SLOT, 0)) {
            if (!relocate_rare(object, rela, pass, problem))
                return false;
            continue;
        }
        if (!may_write(object, where, sizeof(uint64_t)))
            return misplaced_type(object, rela->r_offset, ARCH_RELOCATION_SLOT, problem);
        *(uint64_t *)where += object->bias;
    }
    object->got[1] = (uintptr_t)object;
    object->got[2] = (uintptr_t)(object->traced ? arch_resolve_traced : arch_resolve);
    return true;
}

/* Binds the slots of functions that are defined now. */
static COLD void bind_defined(struct object *object, struct pass *pass)
{
    const Elf64_Rela *rela = object->jump.start, *end = rela + object->jump.count;
    struct binding binding;
    for (; rela < end; rela++) {
        uint64_t info = rela->r_info, *slot = (uint64_t *)(object->bias + rela->r_offset);
        if (ELF64_R_TYPE(info) != ARCH_RELOCATION_SLOT ||
            !may_write(object, (uintptr_t)slot, sizeof *slot) ||
            !binding_find(&binding, object, (uint32_t)ELF64_R_SYM(info), true, NULL,
                          &prefetched_none, NULL) ||
            binding.definition.object == NULL)
            continue;
        if (binding.ifunc) {
            *slot = (uintptr_t)arch_ifunc_trap;
            pass->ifunc_seen = true;
            continue;
        }
        pass->symbols++;
        if (pass->traced)
            binding_trace(object, &binding, (uintptr_t)slot, *slot, binding.address, BOUND_AT_OPEN,
                          ARCH_RELOCATION_SLOT, NULL);
        *slot = binding.address;
    }
}

/* Quirk (musl): the functions of an object that dlopen() loads are bound at once; one without a
 * definition, at its first call. In most cases all are defined. */
static void bind_opened(struct object *object, struct pass *pass)
{
    const Elf64_Rela *jump = object->jump.start;
    if (pass->traced || !relocate_plain(object, jump, jump + object->jump.count, pass, NULL))
        bind_defined(object, pass);
}

/* The PLT's slots: with `lazy` they reach the resolver, else they are bound. */
static bool relocate_slots(struct object *object, bool lazy, struct pass *pass,
                           struct problem *problem)
{
    if (object->jump.count == 0)
        return true;
    if (!lazy)
        return relocate_symbols(object, &object->jump, 0, pass, problem);
    if (!prepare_slots(object, pass, problem))
        return false;
    if (fixed.rules->bind_opened && !object->permanent) /* the objects of the start are permanent */
        bind_opened(object, pass);
    return true;
}

/* Takes the page faults of many relocations at once: one madvise(2) for what is read and one for
 * what is written. Linux before 5.14 refuses, and takes the faults one by one. `table` says that
 * `count` words from `first` to `last` will be written. */
static void prefault(const struct object *object, const void *table, size_t size, uintptr_t first,
                     uintptr_t last, size_t count)
{
    enum { POPULATE_READ = 22, POPULATE_WRITE = 23, FEW = 512, DENSE = 8 };
    first = page_down(first);
    last = page_up(last + 8);
    if (count < FEW || first >= last || first < page_down(object->writable) ||
        last > page_up(object->writable_end) || count < DENSE * ((last - first) / ARCH_PAGE))
        return;
    uintptr_t start = page_down((uintptr_t)table);
    sys_call(SYS_madvise, start, page_up((uintptr_t)table + size) - start, POPULATE_READ);
    sys_call(SYS_madvise, first, last - first, POPULATE_WRITE);
}

static void prefault_all(const struct object *object)
{
    const Elf64_Rela *rela = object->rela.start;
    const uint64_t *relr = object->relr.start;
    size_t count = object->relative_count;
    if (count > 0)
        prefault(object, rela, count * sizeof *rela, object->bias + rela[0].r_offset,
                 object->bias + rela[count - 1].r_offset, count);
    /* an estimate: each bitmap covers 63 words, half of them set */
    size_t bitmaps = 0;
    uintptr_t place = 0;
    for (size_t i = 0; i < object->relr.count; i++) {
        bitmaps += relr[i] & 1;
        place = (relr[i] & 1) != 0 ? place + 8 * 63ul : object->bias + relr[i] + 8;
    }
    if (bitmaps > 0 && (relr[0] & 1) == 0)
        prefault(object, relr, object->relr.count * sizeof *relr, object->bias + relr[0],
                 place < object->writable_end - 8 ? place : object->writable_end - 8, 32 * bitmaps);
}

bool object_relocate(struct object *object, bool now, struct problem *problem)
{
    struct pass pass = {.traced = trace_on(TRACE_BIND)};
    bool lazy = object_is_lazy(object, now);
    object->traced = pass.traced;
    object->bind_now = !lazy;
    if (object->text_relocations && !protect_open(object, problem))
        return false;
    prefault_all(object);
    if (!relocate_relr(object, problem) || !relocate_relative(object, problem) ||
        !relocate_symbols(object, &object->rela, object->relative_count, &pass, problem) ||
        !relocate_slots(object, lazy, &pass, problem))
        return false;
    object->unsettled = pass.ifunc_seen;
    object->unprotected = true;
    object->state = OBJECT_RELOCATED;
    trace(TRACE_RELOC, "relocated",
          (FIELD_TEXT("object", object_title(object)), FIELD_ADDRESS("bias", object->bias),
           FIELD_NUMBER("relative", object->relative_count),
           FIELD_NUMBER("relr_words", object->relr.count), FIELD_NUMBER("symbols", pass.symbols),
           FIELD_NUMBER("slots", object->jump.count),
           FIELD_TEXT("slots_bound", lazy ? "lazily" : "now")),
          "%s: bias %#lx, %zu RELATIVE, %zu words of RELR, %zu symbols bound, %zu %s",
          object_title(object), object->bias, object->relative_count, object->relr.count,
          pass.symbols, object->jump.count,
          lazy ? "slots to be bound at the first call" : "of them slots of the PLT");
    return true;
}
