#include "elf/section.h"

#include <stddef.h>
#include <stdint.h>

/* The types of segment that hold mapped sections only. */
static bool is_memory(uint32_t type)
{
    enum { PT_GNU_SFRAME = 0x6474e554, PT_MBIND_FIRST = 0x6474e555, PT_MBIND_LAST = 0x6474f554 };
    return type == PT_LOAD || type == PT_DYNAMIC || type == PT_GNU_EH_FRAME ||
           type == PT_GNU_STACK || type == PT_GNU_RELRO || type == PT_GNU_SFRAME ||
           (type >= PT_MBIND_FIRST && type <= PT_MBIND_LAST);
}

/* Are the `size` units at `at` among the `length` at `start`?  An empty range where they end is
 * not (the last unit of none is number 2^64 - 1: an empty range is in an empty one). */
static bool is_inside(uint64_t at, uint64_t size, uint64_t start, uint64_t length)
{
    return at >= start && at - start <= length - 1 && size <= length && at - start <= length - size;
}

/* Is the point strictly between both ends? */
static bool is_between(uint64_t at, uint64_t start, uint64_t length)
{
    return at > start && at - start < length;
}

bool section_in_segment(const Elf64_Shdr *section, const Elf64_Phdr *segment)
{
    uint32_t type = segment->p_type;
    bool tls = (section->sh_flags & SHF_TLS) != 0, nobits = section->sh_type == SHT_NOBITS;
    bool allocated = (section->sh_flags & SHF_ALLOC) != 0;

    if (tls && type != PT_TLS && (nobits || (type != PT_GNU_RELRO && type != PT_LOAD)))
        return false;
    if (type == PT_PHDR || (!tls && type == PT_TLS) || (!allocated && is_memory(type)))
        return false;
    if (!nobits &&
        !is_inside(section->sh_offset, section->sh_size, segment->p_offset, segment->p_filesz))
        return false;
    if (allocated &&
        !is_inside(section->sh_addr, section->sh_size, segment->p_vaddr, segment->p_memsz))
        return false;
    if ((type != PT_DYNAMIC && type != PT_NOTE) || section->sh_size != 0 || segment->p_memsz == 0)
        return true;
    return (nobits || is_between(section->sh_offset, segment->p_offset, segment->p_filesz)) &&
           (!allocated || is_between(section->sh_addr, segment->p_vaddr, segment->p_memsz));
}
