#include "elf/header.h"

#include "base/page.h"
#include "elf/names.h"
#include "machine.h"

#include <inttypes.h>
#include <string.h>

/* Quirk (kernel): a program header table over 64 KiB is ENOEXEC, seen by running images with 1170
 * and 1171 entries. */
enum { TABLE_MOST = 65536 };

const struct elf_rules elf_rules_kernel = {.wanted = "executable",
                                           .types = 1u << ET_EXEC | 1u << ET_DYN};

const struct elf_rules elf_rules_library = {.wanted = "a shared object",
                                            .types = 1u << ET_DYN,
                                            .ident = true,
                                            .pages_apart = true,
                                            .align = true};

const struct elf_rules elf_rules_program = {.wanted = "a program",
                                            .types = 1u << ET_EXEC | 1u << ET_DYN,
                                            .ident = true,
                                            .pages_apart = true,
                                            .align = true};

bool elf_is_elf(const void *head, size_t length)
{
    return length >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0;
}

/* e_machine, which is at the same place in both classes, in the file's byte order. */
static uint16_t machine_of(const unsigned char *head)
{
    size_t at = offsetof(Elf64_Ehdr, e_machine), low = head[EI_DATA] == ELFDATA2MSB ? 1 : 0;
    return (uint16_t)(head[at + low] | head[at + 1 - low] << 8);
}

static bool is_native(const unsigned char *head)
{
    return head[EI_CLASS] == ELFCLASS64 && head[EI_DATA] == ELFDATA2LSB &&
           machine_of(head) == ARCH_MACHINE;
}

bool elf_is_foreign(const void *head, size_t length)
{
    return length >= sizeof(Elf32_Ehdr) && elf_is_elf(head, length) && !is_native(head);
}

static bool check_ident(const unsigned char *head, struct problem *problem)
{
    if (head[EI_CLASS] != ELFCLASS64 && head[EI_CLASS] != ELFCLASS32)
        return problem_set(problem, "ELF header: unknown class (%d)", head[EI_CLASS]);
    if (head[EI_DATA] != ELFDATA2LSB && head[EI_DATA] != ELFDATA2MSB)
        return problem_set(problem, "ELF header: unknown data encoding (%d)", head[EI_DATA]);
    if (is_native(head))
        return true;
    const char *name = elf_machine_name(machine_of(head));
    return problem_set(problem,
                       "a %d-bit %s-endian file for %s (machine %u), not for 64-bit "
                       "little-endian " ARCH_MACHINE_NAME,
                       head[EI_CLASS] == ELFCLASS64 ? 64 : 32,
                       head[EI_DATA] == ELFDATA2LSB ? "little" : "big",
                       name == NULL ? "an unknown machine" : name, machine_of(head));
}

static void widen_header(Elf64_Ehdr *to, const Elf32_Ehdr *from)
{
    memcpy(to->e_ident, from->e_ident, EI_NIDENT);
    to->e_type = from->e_type;
    to->e_machine = from->e_machine;
    to->e_version = from->e_version;
    to->e_entry = from->e_entry;
    to->e_phoff = from->e_phoff;
    to->e_shoff = from->e_shoff;
    to->e_flags = from->e_flags;
    to->e_ehsize = from->e_ehsize;
    to->e_phentsize = from->e_phentsize;
    to->e_phnum = from->e_phnum;
    to->e_shentsize = from->e_shentsize;
    to->e_shnum = from->e_shnum;
    to->e_shstrndx = from->e_shstrndx;
}

/* Does the header have the 32-bit form? Class and entry size both have to say so, because e_ident's
 * class alone may have any value in files that the kernel runs. */
static bool is_narrow(const unsigned char *head, size_t length)
{
    const size_t at = offsetof(Elf32_Ehdr, e_phentsize);
    return head[EI_CLASS] == ELFCLASS32 &&
           (length < sizeof(Elf64_Ehdr) || (head[at] | head[at + 1] << 8) == sizeof(Elf32_Phdr));
}

bool elf_header_read(Elf64_Ehdr *header, const void *head, size_t length, struct problem *problem)
{
    const unsigned char *bytes = head;
    if (length == 0)
        return problem_set(problem, "not an ELF file (it is empty)");
    if (!elf_is_elf(head, length))
        return problem_set(problem, "not an ELF file (it begins with %02x %02x %02x %02x)",
                           bytes[0], length > 1 ? bytes[1] : 0, length > 2 ? bytes[2] : 0,
                           length > 3 ? bytes[3] : 0);
    bool narrow = length > EI_CLASS && is_narrow(bytes, length);
    size_t least = narrow ? sizeof(Elf32_Ehdr) : sizeof(Elf64_Ehdr);
    if (length < least)
        return problem_set(problem, "ELF header: the file ends inside it (%zu of %zu bytes)",
                           length, least);
    if (narrow) {
        Elf32_Ehdr from;
        memcpy(&from, head, sizeof from);
        widen_header(header, &from);
    } else {
        memcpy(header, head, sizeof *header);
    }
    return true;
}

size_t elf_table_bytes(const Elf64_Ehdr *header)
{
    return (size_t)header->e_phnum * header->e_phentsize;
}

void elf_table_read(Elf64_Phdr *to, const void *table, const Elf64_Ehdr *header)
{
    if (header->e_phentsize != sizeof(Elf32_Phdr)) {
        memmove(to, table, elf_table_bytes(header));
        return;
    }
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf32_Phdr from;
        memcpy(&from, (const char *)table + i * sizeof from, sizeof from);
        to[i] = (Elf64_Phdr){from.p_type,  from.p_flags,  from.p_offset, from.p_vaddr,
                             from.p_paddr, from.p_filesz, from.p_memsz,  from.p_align};
    }
}

bool elf_header_check(const Elf64_Ehdr *header, uint64_t file_size, const struct elf_rules *rules,
                      struct problem *problem)
{
    bool ours = header->e_machine == ARCH_MACHINE && header->e_phentsize == sizeof(Elf64_Phdr);
    if ((rules->ident || !ours) && !check_ident((const unsigned char *)header, problem))
        return false;
    if (header->e_type >= 32 || (rules->types >> header->e_type & 1) == 0) {
        const char *name = elf_type_name(header->e_type);
        return problem_set(problem, "ELF header: type %u is not %s (%s)", header->e_type,
                           rules->wanted, name == NULL ? "unknown" : name);
    }
    if (header->e_phnum == 0)
        return problem_set(problem, "ELF header: no program headers");
    if (header->e_phentsize != sizeof(Elf64_Phdr))
        return problem_set(problem, "ELF header: program header entry size is %u (not %zu)",
                           header->e_phentsize, sizeof(Elf64_Phdr));
    size_t bytes = elf_table_bytes(header);
    if (bytes > TABLE_MOST)
        return problem_set(problem,
                           "ELF header: %u program headers take 0x%zx bytes (0x%x at the most)",
                           header->e_phnum, bytes, TABLE_MOST);
    if (header->e_phoff > file_size || bytes > file_size - header->e_phoff)
        return problem_set(problem,
                           "ELF header: %u program headers at 0x%" PRIx64
                           " are past the end of the file (0x%" PRIx64 ")",
                           header->e_phnum, header->e_phoff, file_size);
    return true;
}

/* Checks one PT_LOAD by itself. `i` is its index, for the message. */
static bool check_load(const Elf64_Phdr *phdr, size_t i, uint64_t file_size,
                       const struct elf_rules *rules, struct problem *problem)
{
    uint64_t file_end, memory_end;

    if (phdr->p_filesz > phdr->p_memsz)
        return problem_set(problem,
                           "program header %zu: file size 0x%" PRIx64
                           " is more than memory size 0x%" PRIx64,
                           i, phdr->p_filesz, phdr->p_memsz);
    if (__builtin_add_overflow(phdr->p_offset, phdr->p_filesz, &file_end))
        return problem_set(problem,
                           "program header %zu: offset 0x%" PRIx64 " + file size 0x%" PRIx64
                           " overflows",
                           i, phdr->p_offset, phdr->p_filesz);
    if (phdr->p_filesz != 0 && file_end > file_size)
        return problem_set(problem,
                           "program header %zu: offset 0x%" PRIx64 " + file size 0x%" PRIx64
                           " is past the end of the file (0x%" PRIx64 ")",
                           i, phdr->p_offset, phdr->p_filesz, file_size);
    if (__builtin_add_overflow(phdr->p_vaddr, phdr->p_memsz, &memory_end))
        return problem_set(problem,
                           "program header %zu: address 0x%" PRIx64 " + memory size 0x%" PRIx64
                           " overflows",
                           i, phdr->p_vaddr, phdr->p_memsz);
    if (memory_end > ARCH_TASK_SIZE)
        return problem_set(problem,
                           "program header %zu: 0x%" PRIx64 "-0x%" PRIx64
                           " is outside user space (it ends at 0x%lx)",
                           i, phdr->p_vaddr, memory_end, ARCH_TASK_SIZE);
    if (phdr->p_filesz != 0 && (phdr->p_vaddr - phdr->p_offset) % ARCH_PAGE != 0)
        return problem_set(problem,
                           "program header %zu: address 0x%" PRIx64 " and offset 0x%" PRIx64
                           " are not the same modulo the page size (0x%lx)",
                           i, phdr->p_vaddr, phdr->p_offset, ARCH_PAGE);
    if (rules->align &&
        ((phdr->p_align & (phdr->p_align - 1)) != 0 || phdr->p_align > ARCH_TASK_SIZE / 4))
        return problem_set(problem, "program header %zu: alignment 0x%" PRIx64, i, phdr->p_align);
    return true;
}

/* Checks PT_LOAD `i` against PT_LOAD `below`, the last one before it that has memory. */
static bool check_order(const Elf64_Phdr *phdr, size_t i, const Elf64_Phdr *before, size_t below,
                        const struct elf_rules *rules, struct problem *problem)
{
    uint64_t end = before->p_vaddr + before->p_memsz;
    if (phdr->p_vaddr < before->p_vaddr)
        return problem_set(problem,
                           "program header %zu: address 0x%" PRIx64
                           " is below that of program header %zu (0x%" PRIx64
                           "): PT_LOADs must ascend",
                           i, phdr->p_vaddr, below, before->p_vaddr);
    if (phdr->p_memsz == 0)
        return true;
    if (phdr->p_vaddr < end)
        return problem_set(problem,
                           "program header %zu: 0x%" PRIx64 "-0x%" PRIx64
                           " overlaps program header %zu (0x%" PRIx64 "-0x%" PRIx64 ")",
                           i, phdr->p_vaddr, phdr->p_vaddr + phdr->p_memsz, below, before->p_vaddr,
                           end);
    if (rules->pages_apart && page_down(phdr->p_vaddr) < page_up(end))
        return problem_set(problem,
                           "program header %zu: address 0x%" PRIx64
                           " is in the last page of program header %zu (to 0x%" PRIx64 ")",
                           i, phdr->p_vaddr, below, end);
    return true;
}

bool elf_loads_check(const Elf64_Ehdr *header, const Elf64_Phdr *phdr, uint64_t file_size,
                     const struct elf_rules *rules, struct problem *problem)
{
    const Elf64_Phdr *before = NULL;
    size_t below = 0;
    for (size_t i = 0; i < header->e_phnum; i++) {
        if (phdr[i].p_type != PT_LOAD)
            continue;
        if (!check_load(&phdr[i], i, file_size, rules, problem) ||
            (before != NULL && !check_order(&phdr[i], i, before, below, rules, problem)))
            return false;
        if (phdr[i].p_memsz != 0 || before == NULL) {
            before = &phdr[i];
            below = i;
        }
    }
    if (before == NULL)
        return problem_set(problem, "no PT_LOAD among %u program headers", header->e_phnum);
    if (before->p_memsz == 0)
        return problem_set(problem,
                           "program header %zu: an empty PT_LOAD, and no other has any memory",
                           below);
    return true;
}
