/* Finds slots of the program's own GOT, as the linker does: through _DYNAMIC (psABI, "Procedure
 * Linkage Table"). */
#ifndef BINDING_H
#define BINDING_H

#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

extern Elf64_Dyn _DYNAMIC[] __attribute__((visibility("hidden")));
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

static inline uintptr_t dynamic_value(int64_t tag)
{
    const Elf64_Dyn *entry = _DYNAMIC;
    while (entry->d_tag != DT_NULL && entry->d_tag != tag)
        entry++;
    return entry->d_un.d_val;
}

static inline void *dynamic_address(int64_t tag)
{
    return (char *)&__ehdr_start + dynamic_value(tag);
}

/* Number `index` of DT_JMPREL; NULL: there are no more. */
static inline uintptr_t *slot_number(size_t index)
{
    const Elf64_Rela *rela = dynamic_address(DT_JMPREL);
    return index < dynamic_value(DT_PLTRELSZ) / sizeof *rela
               ? (uintptr_t *)((char *)&__ehdr_start + rela[index].r_offset)
               : NULL;
}

static inline uintptr_t *slot_of(const char *name)
{
    const Elf64_Rela *rela = dynamic_address(DT_JMPREL);
    const Elf64_Sym *table = dynamic_address(DT_SYMTAB);
    for (size_t i = 0; slot_number(i) != NULL; i++)
        if (strcmp((char *)dynamic_address(DT_STRTAB) + table[ELF64_R_SYM(rela[i].r_info)].st_name,
                   name) == 0)
            return slot_number(i);
    return NULL;
}

#endif
