/* From a mapped image to its tables: the one place where a file's own statements are checked. gABI,
 * "Program Header" and "Dynamic Section". */
#include "decode.h"

#include "allocate.h"
#include "arch.h"
#include "base/page.h"
#include "base/problem.h"
#include "placement.h"
#include "tls.h"
#include "version.h"

#include <string.h>

/* Copies a value that is checked and then used. The file may be written to at any time; `volatile`
 * keeps the compiler from reading the value twice. */
#define FETCH(from) (*(const volatile __typeof__(*(from)) *)(from))

/* Bytes from an address to the end of the readable segment that holds it; 0: no segment does. */
static size_t room_at(const struct object *object, uintptr_t address)
{
    for (size_t i = 0; i < object->phnum; i++) {
        const Elf64_Phdr *phdr = &object->phdr[i];
        uintptr_t offset = address - object->bias - phdr->p_vaddr;
        if (phdr->p_type == PT_LOAD && (phdr->p_flags & PF_R) != 0 && offset < phdr->p_memsz)
            return phdr->p_memsz - offset;
    }
    return 0;
}

/* The values of the tags that rt uses; of two entries with one tag, the last counts, as in other
 * linkers. */
struct values {
    uint64_t low[DT_RELRENT + 1]; /* by tag */
    uint64_t gnu_hash, versym, verneed, verneed_count, verdef, verdef_count, flags_1,
        relative_count;
};

static bool read_dynamic(struct object *object, struct values *values, struct problem *problem)
{
    static const struct {
        uint64_t tag;
        size_t offset;
    } others[] = {
        {DT_GNU_HASH, offsetof(struct values, gnu_hash)},
        {DT_VERSYM, offsetof(struct values, versym)},
        {DT_VERNEED, offsetof(struct values, verneed)},
        {DT_VERNEEDNUM, offsetof(struct values, verneed_count)},
        {DT_VERDEF, offsetof(struct values, verdef)},
        {DT_VERDEFNUM, offsetof(struct values, verdef_count)},
        {DT_FLAGS_1, offsetof(struct values, flags_1)},
        {DT_RELACOUNT, offsetof(struct values, relative_count)},
    };
    const Elf64_Phdr *found = NULL;
    for (size_t i = 0; i < object->phnum; i++)
        if (object->phdr[i].p_type == PT_DYNAMIC)
            found = &object->phdr[i];
    if (found == NULL)
        return true;
    const Elf64_Phdr copy = FETCH(found), *header = &copy;
    uintptr_t address = object->bias + header->p_vaddr;
    if (address % _Alignof(Elf64_Dyn) != 0 || !object_has(object, address, header->p_memsz, PF_R))
        return problem_set(problem,
                           "PT_DYNAMIC: 0x%lx bytes at 0x%lx are not inside a readable segment",
                           header->p_memsz, header->p_vaddr);
    object->dynamic = (const Elf64_Dyn *)address;
    for (size_t i = 0;; i++) {
        if (i == header->p_memsz / sizeof *object->dynamic)
            return problem_set(problem, "the dynamic section (%zu entries) has no DT_NULL", i);
        const Elf64_Dyn fetched = FETCH(&object->dynamic[i]), *entry = &fetched;
        if (entry->d_tag == DT_NULL) {
            object->dynamic_count = i;
            break;
        }
        if ((uint64_t)entry->d_tag <= DT_RELRENT)
            values->low[entry->d_tag] = entry->d_un.d_val;
        if (entry->d_tag == DT_DEBUG)
            object->debug = (uint64_t *)&object->dynamic[i].d_un.d_val;
        if (entry->d_tag == DT_TEXTREL)
            object->text_relocations = true;
        if (entry->d_tag == DT_SYMBOLIC)
            object->flags |= DF_SYMBOLIC;
        if (entry->d_tag == DT_BIND_NOW)
            object->flags |= DF_BIND_NOW;
        for (size_t j = 0;
             (uint64_t)entry->d_tag > DT_RELRENT && j < sizeof others / sizeof *others; j++)
            if ((uint64_t)entry->d_tag == others[j].tag)
                memcpy((char *)values + others[j].offset, &entry->d_un.d_val, sizeof(uint64_t));
    }
    if (object->debug != NULL && !object_has(object, (uintptr_t)object->debug, 8, PF_W))
        object->debug = NULL;
    return true;
}

/* A table of `size` bytes at the value of a tag. */
static bool read_table(const struct object *object, struct table *table, const char *tag,
                       uint64_t value, uint64_t size, size_t entry, struct problem *problem)
{
    uintptr_t address = object->bias + value;
    if (size == 0)
        return true;
    if (value == 0)
        return problem_set(problem, "%s is missing, and its size is 0x%lx", tag, size);
    if (size % entry != 0)
        return problem_set(problem, "%s: its size 0x%lx is no multiple of %zu", tag, size, entry);
    if (address % 4 != 0 || !object_has(object, address, size, PF_R))
        return problem_set(problem, "%s: 0x%lx bytes at 0x%lx are not inside a readable segment",
                           tag, size, value);
    table->start = (const void *)address;
    table->count = size / entry;
    return true;
}

static bool read_strings(struct object *object, const struct values *values,
                         struct problem *problem)
{
    struct table strings = {NULL, 0};
    uint64_t address = values->low[DT_STRTAB] + object->bias, size = values->low[DT_STRSZ];
    object->symbols.strings = "";
    object->symbols.strings_size = 1;
    if (values->low[DT_STRTAB] == 0)
        return true;
    if (size == 0 || size > UINT32_MAX || !object_has(object, address, size, PF_R))
        return problem_set(problem,
                           "DT_STRTAB: 0x%lx bytes at 0x%lx are not inside a readable segment",
                           size, values->low[DT_STRTAB]);
    strings.start = (const void *)address;
    if (((const char *)strings.start)[size - 1] != '\0')
        return problem_set(problem, "DT_STRTAB: the table of 0x%lx bytes does not end with a NUL",
                           size);
    object->symbols.strings = strings.start;
    object->symbols.strings_size = (uint32_t)size;
    return true;
}

/* A text by its offset in the string table. */
static bool read_text(const struct object *object, const char **text, const char *tag,
                      uint64_t offset, struct problem *problem)
{
    if (offset >= object->symbols.strings_size)
        return problem_set(problem, "%s: string offset 0x%lx is past the end of the table (0x%x)",
                           tag, offset, object->symbols.strings_size);
    *text = object->symbols.strings + offset;
    return true;
}

/* gABI, "Hash Table": nbucket, nchain, the buckets, the chains. */
static bool read_sysv_hash(struct object *object, uint64_t value, struct problem *problem)
{
    const uint32_t *table = (const uint32_t *)(object->bias + value);
    size_t room = room_at(object, (uintptr_t)table);
    if (value % 4 != 0 || room < 2 * sizeof *table)
        return problem_set(problem, "DT_HASH: 0x%lx is not inside a readable segment", value);
    const uint32_t hash[] = {FETCH(&table[0]), FETCH(&table[1])};
    uint64_t words = 2 + (uint64_t)hash[0] + hash[1];
    if (hash[0] == 0 || words > room / 4)
        return problem_set(problem,
                           "DT_HASH: %u buckets and %u chains do not fit the segment (0x%zx bytes)",
                           hash[0], hash[1], room);
    object->symbols.sysv = table;
    object->symbols.sysv_buckets = hash[0];
    if (object->symbols.limit > hash[1])
        object->symbols.limit = hash[1];
    return true;
}

/* The header: number of buckets, first symbol, Bloom words, shift; then words, buckets, chain. */
static bool read_gnu_hash(struct object *object, uint64_t value, struct problem *problem)
{
    struct symbols *symbols = &object->symbols;
    const uint32_t *table = (const uint32_t *)(object->bias + value);
    size_t room = room_at(object, (uintptr_t)table);
    if (value % 8 != 0 || room < 4 * sizeof *table)
        return problem_set(problem, "DT_GNU_HASH: 0x%lx is not inside a readable segment", value);
    const uint32_t hash[] = {FETCH(&table[0]), FETCH(&table[1]), FETCH(&table[2]),
                             FETCH(&table[3])};
    uint64_t words = 4 + 2 * (uint64_t)hash[2] + hash[0];
    if (hash[0] == 0)
        return true; /* linkers write this table for an object without definitions: it is empty */
    if (hash[2] == 0 || (hash[2] & (hash[2] - 1)) != 0)
        return problem_set(problem, "DT_GNU_HASH: %u Bloom words, which is no power of two",
                           hash[2]);
    if (words > room / 4)
        return problem_set(problem,
                           "DT_GNU_HASH: %u Bloom words and %u buckets do not fit the segment "
                           "(0x%zx bytes)",
                           hash[2], hash[0], room);
    symbols->first = hash[1];
    symbols->bloom_mask = hash[2] - 1;
    if (hash[3] > 31)
        return problem_set(problem, "DT_GNU_HASH: a shift of %u bits, of a hash of 32", hash[3]);
    symbols->bloom_shift = hash[3];
    symbols->bloom = (const uint64_t *)(table + 4);
    symbols->buckets = table + 4 + 2 * (size_t)hash[2];
    symbols->chain = symbols->buckets + hash[0];
    size_t chain = room / 4 - words;
    symbols->chain_limit = chain > UINT32_MAX ? UINT32_MAX : (uint32_t)chain;
    symbols->bucket_count = hash[0];
    return true;
}

static bool read_symbols(struct object *object, const struct values *values,
                         struct problem *problem)
{
    struct symbols *symbols = &object->symbols;
    uint64_t value = values->low[DT_SYMTAB];
    size_t room = room_at(object, object->bias + value);
    if (value == 0)
        return true;
    if (value % 8 != 0 || room < sizeof(Elf64_Sym))
        return problem_set(problem, "DT_SYMTAB: 0x%lx is not inside a readable segment", value);
    if (values->low[DT_SYMENT] != sizeof(Elf64_Sym))
        return problem_set(problem, "DT_SYMENT is %lu, not %zu", values->low[DT_SYMENT],
                           sizeof(Elf64_Sym));
    symbols->table = (const Elf64_Sym *)(object->bias + value);
    room /= sizeof(Elf64_Sym);
    symbols->limit = room > UINT32_MAX ? UINT32_MAX : (uint32_t)room;
    if (values->versym != 0) {
        room = room_at(object, object->bias + values->versym) / sizeof(Elf64_Half);
        if (values->versym % 2 != 0 || room == 0)
            return problem_set(problem, "DT_VERSYM: 0x%lx is not inside a readable segment",
                               values->versym);
        symbols->versions = (const Elf64_Half *)(object->bias + values->versym);
        if (symbols->limit > room)
            symbols->limit = (uint32_t)room;
    }
    return (values->low[DT_HASH] == 0 || read_sysv_hash(object, values->low[DT_HASH], problem)) &&
           (values->gnu_hash == 0 || read_gnu_hash(object, values->gnu_hash, problem));
}

/* The addend of an entry of DT_REL, from its place: 0 for a type that has none, and outside the
 * object's memory. */
static Elf64_Sxword addend_in_place(const struct object *object, const Elf64_Rel *rel)
{
    const struct relocation_type *type = arch_relocation_type(ELF64_R_TYPE(rel->r_info));
    uintptr_t where = object->bias + rel->r_offset;
    if (type == NULL || type->kind == RELOCATION_NONE || type->kind == RELOCATION_COPY ||
        type->kind == RELOCATION_GOT || type->kind == RELOCATION_SLOT ||
        type->kind == RELOCATION_MODULE)
        return 0;
    if (type->kind == RELOCATION_TLSDESC) /* in the descriptor's second word */
        where += 8;
    if (!object_has(object, where, type->width == 4 ? 4 : 8, PF_R))
        return 0;
    return type->width == 4 ? *(const int32_t *)where : *(const int64_t *)where;
}

/* gABI, "Relocation": an entry of DT_REL has its addend in the place that it is for. Table `result`
 * becomes what `first` has, and behind it what `plain` has, with addends; the memory is *made. */
COLD static bool add_addends(const struct object *object, struct table *result, void **made,
                             const struct table *first, const struct table *plain,
                             struct problem *problem)
{
    const Elf64_Rel *rel = plain->start;
    size_t count = first->count + plain->count;
    Elf64_Rela *rela = allocate(count * sizeof *rela);
    if (rela == NULL)
        return problem_set(problem, "no memory for %zu relocations", count);
    if (first->count > 0) /* else its start is NULL */
        memcpy(rela, first->start, first->count * sizeof *rela);
    for (size_t i = 0; i < plain->count; i++) {
        Elf64_Sxword addend = addend_in_place(object, &rel[i]);
        rela[first->count + i] = (Elf64_Rela){rel[i].r_offset, rel[i].r_info, addend};
    }
    *result = (struct table){rela, count};
    *made = rela;
    return true;
}

/* Is a PLT slot in memory that becomes read-only? Only a linker that wants everything bound at
 * start puts slots there; the tags that say so may have been removed from the file since. */
static bool slots_sealed(const struct object *object)
{
    const Elf64_Rela *rela = object->jump.start;
    uintptr_t sealed = page_down(object->relro_end), start = page_down(object->relro);
    for (size_t i = 0; sealed > start && i < object->jump.count; i++)
        if (object->bias + rela[i].r_offset - start < sealed - start)
            return true;
    return false;
}

static bool read_relocations(struct object *object, const struct values *values,
                             struct problem *problem)
{
    const uint64_t *low = values->low;
    struct table plain = {NULL, 0};
    if (low[DT_PLTRELSZ] != 0 && low[DT_PLTREL] != DT_RELA && low[DT_PLTREL] != DT_REL)
        return problem_set(problem, "DT_PLTREL is %lu, neither DT_RELA nor DT_REL", low[DT_PLTREL]);
    bool plain_slots = low[DT_PLTRELSZ] != 0 && low[DT_PLTREL] == DT_REL;
    if (low[DT_RELSZ] != 0 && low[DT_RELENT] != sizeof(Elf64_Rel))
        return problem_set(problem, "DT_RELENT is %lu, not %zu", low[DT_RELENT], sizeof(Elf64_Rel));
    if (low[DT_RELASZ] != 0 && low[DT_RELAENT] != sizeof(Elf64_Rela))
        return problem_set(problem, "DT_RELAENT is %lu, not %zu", low[DT_RELAENT],
                           sizeof(Elf64_Rela));
    if (low[DT_RELRSZ] != 0 && low[DT_RELRENT] != sizeof(uint64_t))
        return problem_set(problem, "DT_RELRENT is %lu, not %zu", low[DT_RELRENT],
                           sizeof(uint64_t));
    if (!read_table(object, &object->rela, "DT_RELA", low[DT_RELA], low[DT_RELASZ],
                    sizeof(Elf64_Rela), problem) ||
        !read_table(object, &object->relr, "DT_RELR", low[DT_RELR], low[DT_RELRSZ],
                    sizeof(uint64_t), problem) ||
        !read_table(object, &object->jump, "DT_JMPREL", low[DT_JMPREL], low[DT_PLTRELSZ],
                    plain_slots ? sizeof(Elf64_Rel) : sizeof(Elf64_Rela), problem) ||
        !read_table(object, &plain, "DT_REL", low[DT_REL], low[DT_RELSZ], sizeof(Elf64_Rel),
                    problem))
        return false;
    if (plain_slots && plain.count > 0 && plain.start <= object->jump.start &&
        (const Elf64_Rel *)object->jump.start + object->jump.count ==
            (const Elf64_Rel *)plain.start + plain.count)
        plain.count -= object->jump.count;
    if ((plain_slots && !add_addends(object, &object->jump, &object->jump_made,
                                     &(struct table){NULL, 0}, &object->jump, problem)) ||
        (plain.count > 0 &&
         !add_addends(object, &object->rela, &object->rela_made, &object->rela, &plain, problem)))
        return false;
    /* gABI: DT_RELASZ may include DT_JMPREL's entries; they are relocated once, as the PLT's */
    if (object->jump.count > 0 && object->rela.count > 0) {
        const Elf64_Rela *rela = object->rela.start, *jump = object->jump.start;
        if (jump >= rela && jump + object->jump.count == rela + object->rela.count)
            object->rela.count -= object->jump.count;
    }
    object->relative_count = values->relative_count;
    if (object->relative_count > object->rela.count)
        return problem_set(problem, "DT_RELACOUNT: %zu of %zu relocations", object->relative_count,
                           object->rela.count);
    uintptr_t got = object->bias + low[DT_PLTGOT];
    if (low[DT_PLTGOT] != 0 && got % 8 == 0 && object_has(object, got, 24, PF_W))
        object->got = (uint64_t *)got;
    object->may_be_lazy = object->got != NULL && (object->flags & DF_BIND_NOW) == 0 &&
                          !slots_sealed(object);
    return true;
}

static bool read_functions(struct object *object, const struct values *values,
                           struct problem *problem)
{
    const uint64_t *low = values->low;
    if (!read_table(object, &object->preinit, "DT_PREINIT_ARRAY", low[DT_PREINIT_ARRAY],
                    low[DT_PREINIT_ARRAYSZ], sizeof(void *), problem) ||
        !read_table(object, &object->init_array, "DT_INIT_ARRAY", low[DT_INIT_ARRAY],
                    low[DT_INIT_ARRAYSZ], sizeof(void *), problem) ||
        !read_table(object, &object->fini_array, "DT_FINI_ARRAY", low[DT_FINI_ARRAY],
                    low[DT_FINI_ARRAYSZ], sizeof(void *), problem))
        return false;
    object->init = low[DT_INIT] == 0 ? 0 : object->bias + low[DT_INIT];
    object->fini = low[DT_FINI] == 0 ? 0 : object->bias + low[DT_FINI];
    if (object->init != 0 && !object_has(object, object->init, 1, PF_X))
        return problem_set(problem, "DT_INIT: 0x%lx is not inside an executable segment",
                           low[DT_INIT]);
    if (object->fini != 0 && !object_has(object, object->fini, 1, PF_X))
        return problem_set(problem, "DT_FINI: 0x%lx is not inside an executable segment",
                           low[DT_FINI]);
    return true;
}

static bool read_names(struct object *object, const struct values *values, struct problem *problem)
{
    const uint64_t *low = values->low;
    size_t count = 0;
    if ((low[DT_SONAME] != 0 &&
         !read_text(object, &object->soname, "DT_SONAME", low[DT_SONAME], problem)) ||
        (low[DT_RPATH] != 0 &&
         !read_text(object, &object->rpath, "DT_RPATH", low[DT_RPATH], problem)) ||
        (low[DT_RUNPATH] != 0 &&
         !read_text(object, &object->runpath, "DT_RUNPATH", low[DT_RUNPATH], problem)))
        return false;
    for (size_t i = 0; i < object->dynamic_count; i++)
        count += object->dynamic[i].d_tag == DT_NEEDED;
    if (count == 0)
        return true;
    const char **names = allocate(count * sizeof *names);
    if (names == NULL)
        return problem_set(problem, "no memory for %zu names", count);
    object->needed = (struct table){names, 0};
    /* the file may be written to since they were counted */
    for (size_t i = 0; i < object->dynamic_count && object->needed.count < count; i++)
        if (object->dynamic[i].d_tag == DT_NEEDED &&
            !read_text(object, &names[object->needed.count++], "DT_NEEDED",
                       object->dynamic[i].d_un.d_val, problem))
            return false;
    return true;
}

/* PT_LOAD's that may be written, PT_TLS, PT_GNU_RELRO. */
static bool read_headers(struct object *object, struct problem *problem)
{
    object->writable = UINTPTR_MAX;
    for (size_t i = 0; i < object->phnum; i++) {
        const Elf64_Phdr header = FETCH(&object->phdr[i]), *phdr = &header;
        uintptr_t address = object->bias + phdr->p_vaddr;
        if (phdr->p_type == PT_LOAD && (phdr->p_flags & PF_W) != 0 && phdr->p_memsz > 0) {
            object->writable_holes = object->writable != UINTPTR_MAX;
            if (address < object->writable)
                object->writable = address;
            if (address + phdr->p_memsz > object->writable_end)
                object->writable_end = address + phdr->p_memsz;
        } else if (phdr->p_type == PT_TLS && phdr->p_memsz > 0) {
            size_t align = phdr->p_align > 1 ? phdr->p_align : 1;
            if ((align & (align - 1)) != 0 || align > 1ul << 30)
                return problem_set(problem, "PT_TLS: alignment 0x%lx", phdr->p_align);
            if (phdr->p_filesz > phdr->p_memsz || phdr->p_memsz > 1ul << 40 ||
                (phdr->p_filesz > 0 && !object_has(object, address, phdr->p_filesz, PF_R)))
                return problem_set(
                    problem,
                    "PT_TLS: 0x%lx of 0x%lx bytes at 0x%lx are not inside a readable "
                    "segment",
                    phdr->p_filesz, phdr->p_memsz, phdr->p_vaddr);
            object->tls_image = (const void *)address;
            object->tls_image_size = phdr->p_filesz;
            object->tls_size = phdr->p_memsz;
            object->tls_align = align;
            object->tls_skew = phdr->p_vaddr & (align - 1);
        } else if (phdr->p_type == PT_GNU_RELRO && phdr->p_memsz > 0) {
            if (address - object->start > object->span ||
                phdr->p_memsz > object->span - (address - object->start))
                return problem_set(problem, "PT_GNU_RELRO: 0x%lx bytes at 0x%lx are outside",
                                   phdr->p_memsz, phdr->p_vaddr);
            object->relro = address;
            object->relro_end = address + phdr->p_memsz;
        }
    }
    if (object->writable == UINTPTR_MAX)
        object->writable = object->writable_end = 0;
    return true;
}

bool object_decode(struct object *object, struct problem *problem)
{
    struct values values;
    memset(&values, 0, sizeof values);
    if (!read_headers(object, problem) || !read_dynamic(object, &values, problem) ||
        !read_strings(object, &values, problem))
        return false;
    object->flags |= values.low[DT_FLAGS];
    object->flags_1 = values.flags_1;
    object->text_relocations |= (object->flags & DF_TEXTREL) != 0;
    if ((object->flags_1 & DF_1_NOW) != 0)
        object->flags |= DF_BIND_NOW;
    object->verneed_count = values.verneed_count;
    object->verdef_count = values.verdef_count;
    if (values.verneed != 0)
        object->verneed = (const Elf64_Verneed *)(object->bias + values.verneed);
    if (values.verdef != 0)
        object->verdef = (const Elf64_Verdef *)(object->bias + values.verdef);
    return read_symbols(object, &values, problem) && read_relocations(object, &values, problem) &&
           read_functions(object, &values, problem) && read_names(object, &values, problem) &&
           version_decode(object, problem);
}

void object_undecode(struct object *object)
{
    release(object->rela_made);
    release(object->jump_made);
    release((void *)object->needed.start);
    release((void *)object->symbols.version);
    object->needed = (struct table){NULL, 0};
    object->symbols.version = NULL;
    object->symbols.version_count = 0;
}
