/* The names of ELF's numbers. NULL: not known. */
#ifndef ELF_NAMES_H
#define ELF_NAMES_H

#include <stdint.h>

const char *elf_type_name(uint16_t type);       /* e_type: "ET_DYN" */
const char *elf_machine_name(uint16_t machine); /* e_machine: "AArch64" */
const char *elf_segment_name(uint32_t type);    /* p_type: "LOAD" */

/* "rwx" of PF_*, with "-" for an absent permission, and a NUL. */
void elf_flags_text(uint32_t flags, char text[4]);

#endif
