#include "vdso.h"
#include "process.h"
#include <elf.h>
#include <stdint.h>
#include <string.h>

/* gABI, "Hash Table": nchain is the number of symbols. A DT_GNU_HASH table does not have the
 * number: the last symbol is the end of the last chain. */
static size_t symbol_count(const uint32_t *hash, const uint32_t *gnu)
{
    size_t last = 0;

    if (hash)
        return hash[1];
    if (!gnu)
        return 0;
    const uint32_t *buckets = gnu + 4 + 2 * (size_t)gnu[2];
    const uint32_t *chains = buckets + gnu[0];
    for (uint32_t i = 0; i < gnu[0]; i++)
        if (buckets[i] > last)
            last = buckets[i];
    if (last < gnu[1])
        return gnu[1];
    while (!(chains[last - gnu[1]] & 1))
        last++;
    return last + 1;
}

void *__vdso_find(const char *name)
{
    const char *image = (const char *)__process_auxv(AT_SYSINFO_EHDR);
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
    const Elf64_Phdr *segments;
    const Elf64_Dyn *dynamic = NULL;
    const Elf64_Sym *symbols = NULL;
    const char *strings = NULL;
    const uint32_t *hash = NULL, *gnu = NULL;
    uintptr_t bias = 0;

    if (!image)
        return NULL;
    segments = (const Elf64_Phdr *)(image + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD && !bias)
            bias = (uintptr_t)image + segments[i].p_offset - segments[i].p_vaddr;
        else if (segments[i].p_type == PT_DYNAMIC)
            dynamic = (const Elf64_Dyn *)(image + segments[i].p_offset);
    }
    for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
        const void *at = (const void *)(bias + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_SYMTAB)
            symbols = at;
        else if (dynamic->d_tag == DT_STRTAB)
            strings = at;
        else if (dynamic->d_tag == DT_HASH)
            hash = at;
        else if (dynamic->d_tag == DT_GNU_HASH)
            gnu = at;
    }
    if (!symbols || !strings)
        return NULL;
    for (size_t i = 1, count = symbol_count(hash, gnu); i < count; i++)
        if (symbols[i].st_shndx != SHN_UNDEF && strcmp(strings + symbols[i].st_name, name) == 0)
            return (void *)(bias + symbols[i].st_value);
    return NULL;
}
