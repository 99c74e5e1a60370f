#include "symbol.h"

#include <libelf.h>
#include <stddef.h>

/* The table of a type; NULL: the file has none. */
static Elf_Scn *table_of(Elf *elf, uint32_t type)
{
    for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
         section = elf_nextscn(elf, section)) {
        const Elf64_Shdr *header = elf64_getshdr(section);
        if (header != NULL && header->sh_type == type)
            return section;
    }
    return NULL;
}

/* Of two symbols at one address, the better name: one with a size, then one that does not begin
 * with '_', as the aliases of a C library do ("munmap", not "__munmap"). */
static bool is_better(Elf *elf, const Elf64_Shdr *header, const Elf64_Sym *symbol,
                      const Elf64_Sym *than)
{
    if ((symbol->st_size != 0) != (than->st_size != 0))
        return symbol->st_size != 0;
    const char *name = elf_strptr(elf, header->sh_link, symbol->st_name);
    const char *other = elf_strptr(elf, header->sh_link, than->st_name);
    return name != NULL && *name != '_' && (other == NULL || *other == '_');
}

const char *symbol_find(const struct origin *origin, uint64_t address, uint64_t *offset)
{
    Elf *elf = origin->sections.elf;
    Elf_Scn *section = elf == NULL ? NULL : table_of(elf, SHT_SYMTAB);
    if (elf != NULL && section == NULL)
        section = table_of(elf, SHT_DYNSYM);
    const Elf64_Shdr *header = section == NULL ? NULL : elf64_getshdr(section);
    const Elf_Data *data = header == NULL ? NULL : elf_getdata(section, NULL);
    if (data == NULL || data->d_buf == NULL)
        return NULL;
    const Elf64_Sym *symbols = data->d_buf, *best = NULL;
    address -= origin->image->bias;
    for (size_t i = 0; i < data->d_size / sizeof *symbols; i++) {
        const Elf64_Sym *symbol = &symbols[i];
        unsigned type = ELF64_ST_TYPE(symbol->st_info);
        if ((type != STT_FUNC && type != STT_OBJECT && type != STT_GNU_IFUNC &&
             type != STT_NOTYPE) ||
            symbol->st_shndx == SHN_UNDEF || address < symbol->st_value)
            continue;
        /* a symbol without a size (from assembly) reaches to the next; a sized one is better */
        if (symbol->st_size != 0 ? address - symbol->st_value >= symbol->st_size
                                 : type == STT_NOTYPE || type == STT_OBJECT)
            continue;
        if (best == NULL || symbol->st_value > best->st_value ||
            (symbol->st_value == best->st_value && is_better(elf, header, symbol, best)))
            best = symbol;
    }
    if (best == NULL)
        return NULL;
    *offset = address - best->st_value;
    return elf_strptr(elf, header->sh_link, best->st_name);
}
