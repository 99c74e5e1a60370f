/* The headers of an ELF file: read, and checked by the rules of whoever is to map the file.
 *
 * Both classes, little-endian, as 64-bit structures. Nothing here has a side effect: bytes of the
 * file come from the caller, and results go to the caller's memory. */
#ifndef ELF_HEADER_H
#define ELF_HEADER_H

#include "base/problem.h"

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the kernel and a dynamic linker ask for different things. */
struct elf_rules {
    const char *wanted; /* what an ELF type has to be, for messages: "executable" */
    unsigned types;     /* bit N: e_type N is that */
    /* e_ident's class and byte order count. Quirk (kernel): of what says the machine, only
     * e_machine and e_phentsize do; class and byte order may hold anything, and in hand-made images
     * do. Seen by running images with e_ident zeroed from the class on. */
    bool ident;
    bool
        pages_apart; /* no two segments touch one page: the later would hide bytes of the earlier */
    bool align;      /* p_align is a power of two */
};

/* The kernel's binfmt_elf; rt for a library; rt for the program that it is started with by hand. */
extern const struct elf_rules elf_rules_kernel, elf_rules_library, elf_rules_program;

/* Does a file that begins with these bytes call itself ELF (gABI, "ELF Identification")? */
bool elf_is_elf(const void *head, size_t length);

/* Is the file ELF, but of another class, byte order or machine than this process? */
bool elf_is_foreign(const void *head, size_t length);

/* Reads the ELF header, of either class, from the first `length` bytes of a file. */
bool elf_header_read(Elf64_Ehdr *header, const void *head, size_t length, struct problem *problem);

/* Checks that the file is for this machine, of a type that the rules take, and that its program
 * headers can be read (gABI, "ELF Header"). `file_size`: bytes. */
bool elf_header_check(const Elf64_Ehdr *header, uint64_t file_size, const struct elf_rules *rules,
                      struct problem *problem);

/* Bytes of the table of program headers at e_phoff, of a checked header. */
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
