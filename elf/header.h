/* The headers of an ELF file: reads them, and checks them by the rules of the kernel or of the
 * dynamic linker. Both classes, little-endian, as 64-bit structures. Nothing here has a side
 * effect: the file's bytes come from the caller, and results go to the caller's memory. */
#ifndef ELF_HEADER_H
#define ELF_HEADER_H

#include "base/problem.h"

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The rules in which the kernel and a dynamic linker differ. */
struct elf_rules {
    const char *wanted; /* the kind of file that the rules take, for messages: "executable" */
    unsigned types;     /* bit N: e_type N is of that kind */
    /* e_ident's class and byte order are checked. Quirk (kernel): it looks only at e_machine and
     * e_phentsize; class and byte order may have any value, and in hand-made images do. Seen by
     * running images with e_ident zeroed from the class on. */
    bool ident;
    bool
        pages_apart; /* no two segments touch one page: the later would hide bytes of the earlier */
    bool align;      /* p_align is a power of two */
};

/* The kernel's binfmt_elf; rt for a library; rt for the program that it is started with by hand. */
extern const struct elf_rules elf_rules_kernel, elf_rules_library, elf_rules_program;

/* Do these bytes, the first of a file, identify it as ELF (gABI, "ELF Identification")? */
bool elf_is_elf(const void *head, size_t length);

/* Is the file ELF, but of another class, byte order or machine than this process? */
bool elf_is_foreign(const void *head, size_t length);

/* Reads the ELF header, of either class, from the first `length` bytes of a file. */
bool elf_header_read(Elf64_Ehdr *header, const void *head, size_t length, struct problem *problem);

/* Checks that the file is for this machine, of a type that the rules take, and that its program
 * headers can be read (gABI, "ELF Header"). `file_size`: bytes. */
bool elf_header_check(const Elf64_Ehdr *header, uint64_t file_size, const struct elf_rules *rules,
                      struct problem *problem);

/* The bytes of the program header table, of a checked header. */
size_t elf_table_bytes(const Elf64_Ehdr *header);

/* Reads the table: `to` has room for e_phnum entries. `to` and `table` may be the same if the file
 * is of class 64. */
void elf_table_read(Elf64_Phdr *to, const void *table, const Elf64_Ehdr *header);

/* Checks all PT_LOADs (gABI, "Program Header", and what the rules ask): there is one, file and
 * memory sizes fit, PT_LOADs ascend and do not overlap. After it, sums of a PT_LOAD's fields need
 * no further check. */
bool elf_loads_check(const Elf64_Ehdr *header, const Elf64_Phdr *phdr, uint64_t file_size,
                     const struct elf_rules *rules, struct problem *problem);

#endif
