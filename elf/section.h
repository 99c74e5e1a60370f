/* Which sections of a file belong to which of its program headers, for reports. */
#ifndef ELF_SECTION_H
#define ELF_SECTION_H

#include <elf.h>
#include <stdbool.h>

/* Does the segment hold the whole section?  Of the two headers alone, by the rule that
 * `readelf -l` prints its "Section to Segment mapping" by:
 *  - a section with SHF_TLS is in PT_TLS, PT_GNU_RELRO or PT_LOAD only, and PT_TLS holds no
 *    other; .tbss (SHF_TLS and SHT_NOBITS) is in PT_TLS alone, as no other gives it memory;
 *  - PT_PHDR holds no section;
 *  - a segment that is mapped, or describes what is mapped, holds no section without SHF_ALLOC;
 *  - the section's bytes are among those of the file that the segment has (but for SHT_NOBITS),
 *    and its addresses among those of the segment (SHF_ALLOC);
 *  - an empty section where a segment ends is not in it, and not where a PT_DYNAMIC or PT_NOTE
 *    begins either. */
bool section_in_segment(const Elf64_Shdr *section, const Elf64_Phdr *segment);

#endif
