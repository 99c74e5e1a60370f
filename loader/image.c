#include "image.h"

#include "base/problem.h"
#include "machine.h"
#include "message.h"

#include <errno.h>
#include <inttypes.h>
#include <libelf.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Quirk (kernel): a program header table over 64 KiB is ENOEXEC, seen by
 * running images with 1170 and 1171 entries. */
enum { PHDR_TABLE_LIMIT = 65536 };

struct name {
    uint32_t value;
    const char *text;
};

static const struct name type_names[] = {
    {PT_NULL, "NULL"},
    {PT_LOAD, "LOAD"},
    {PT_DYNAMIC, "DYNAMIC"},
    {PT_INTERP, "INTERP"},
    {PT_NOTE, "NOTE"},
    {PT_SHLIB, "SHLIB"},
    {PT_PHDR, "PHDR"},
    {PT_TLS, "TLS"},
    {PT_GNU_EH_FRAME, "GNU_EH_FRAME"},
    {PT_GNU_STACK, "GNU_STACK"},
    {PT_GNU_RELRO, "GNU_RELRO"},
    {0x6474e553, "GNU_PROPERTY"},
};

static const struct name machine_names[] = {
    {EM_386, "i386"},         {EM_X86_64, "x86-64"}, {EM_ARM, "ARM"},
    {EM_AARCH64, "AArch64"},  {EM_RISCV, "RISC-V"},  {EM_PPC, "PowerPC"},
    {EM_PPC64, "PowerPC64"},  {EM_S390, "S/390"},    {EM_MIPS, "MIPS"},
    {EM_SPARCV9, "SPARC V9"}, {EM_IA_64, "Itanium"}, {EM_68K, "m68k"},
    {258, "LoongArch"},
};

static const struct name file_types[] = {
    {ET_NONE, "ET_NONE"},
    {ET_REL, "ET_REL, a relocatable object: link it first"},
    {ET_EXEC, "ET_EXEC"},
    {ET_DYN, "ET_DYN"},
    {ET_CORE, "ET_CORE, a core dump"},
};

static const char *name_find(const struct name *names, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].value == value)
            return names[i].text;
    }
    return NULL;
}

#define NAME_FIND(names, value) name_find((names), sizeof(names) / sizeof(names)[0], (value))

const char *image_type_name(uint32_t type)
{
    return NAME_FIND(type_names, type);
}

const char *image_machine_name(uint16_t machine)
{
    return NAME_FIND(machine_names, machine);
}

/* Read exactly `length` bytes at `offset`; the file may have shrunk since its
 * size was taken, which is an error like any other. */
static bool read_at(const struct image *image, void *to, size_t length, uint64_t offset,
                    const char *what, struct problem *problem)
{
    for (size_t done = 0; done < length;) {
        ssize_t got = pread(image->fd, (char *)to + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_set(problem, "cannot read %s (%s)", what, message_errno(errno));
        if (got == 0)
            return problem_set(problem,
                               "%s: the file ends at 0x%" PRIx64 " (0x%" PRIx64
                               " when it was opened)",
                               what, offset + done, image->file_size);
        done += (size_t)got;
    }
    return true;
}

/* Is it ELF at all?  Said of the first bytes. */
static bool check_magic(const unsigned char *ident, size_t length, struct problem *problem)
{
    if (length == 0)
        return problem_set(problem, "the file is empty");
    if (length < SELFMAG || memcmp(ident, ELFMAG, SELFMAG) != 0)
        return problem_set(problem,
                           "neither an ELF image nor a #! script (it begins with %02x %02x %02x "
                           "%02x)",
                           ident[0], length > 1 ? ident[1] : 0, length > 2 ? ident[2] : 0,
                           length > 3 ? ident[3] : 0);
    return true;
}

/* Quirk (kernel): of what says the machine only e_machine and e_phentsize are
 * looked at; class and data encoding may hold anything, and in hand-made
 * images do.  Seen by running images with e_ident zeroed from the class on. */
static bool is_ours(const Elf64_Ehdr *header)
{
    return header->e_machine == ARCH_MACHINE && header->e_phentsize == sizeof(Elf64_Phdr);
}

/* What it is, if it is not ours; then the class and the encoding count. */
static bool check_machine(const unsigned char *ident, uint16_t machine, struct problem *problem)
{
    if (ident[EI_CLASS] != ELFCLASS64 && ident[EI_CLASS] != ELFCLASS32)
        return problem_set(problem, "ELF header: unknown class (%d)", ident[EI_CLASS]);
    if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
        return problem_set(problem, "ELF header: unknown data encoding (%d)", ident[EI_DATA]);
    if (machine == ARCH_MACHINE && ident[EI_CLASS] == ELFCLASS64 && ident[EI_DATA] == ELFDATA2LSB)
        return true;
    const char *name = image_machine_name(machine);
    return problem_set(problem,
                       "a %d-bit %s-endian program for %s (machine %u); uexec runs 64-bit "
                       "little-endian " ARCH_MACHINE_NAME,
                       ident[EI_CLASS] == ELFCLASS64 ? 64 : 32,
                       ident[EI_DATA] == ELFDATA2LSB ? "little" : "big",
                       name == NULL ? "an unknown machine" : name, machine);
}

/* Translate `count` structures of libelf's `type` from the file's encoding. */
static bool translate(void *to, const void *from, size_t bytes, Elf_Type type, unsigned encoding)
{
    Elf_Data source = {.d_buf = (void *)from, .d_type = type, .d_size = bytes, .d_version = 1};
    Elf_Data target = {.d_buf = to, .d_type = type, .d_size = bytes, .d_version = 1};
    return elf64_xlatetom(&target, &source, encoding) != NULL;
}

static bool read_header(struct image *image, const unsigned char *head, size_t head_length,
                        struct problem *problem)
{
    if (!check_magic(head, head_length, problem))
        return false;
    bool wide = head_length <= EI_CLASS || head[EI_CLASS] != ELFCLASS32;
    size_t least = wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
    if (head_length < least)
        return problem_set(problem, "ELF header: the file ends inside it (%zu of %zu bytes)",
                           head_length, least);
    elf_version(EV_CURRENT);
    if (head_length >= sizeof(Elf64_Ehdr)) {
        if (!translate(&image->header, head, sizeof(Elf64_Ehdr), ELF_T_EHDR, ELFDATA2LSB))
            return problem_set(problem, "ELF header: %s", elf_errmsg(-1));
        if (is_ours(&image->header))
            return true;
    }
    /* e_machine is at the same place in both classes */
    unsigned low = head[EI_DATA] == ELFDATA2MSB ? 1 : 0;
    size_t at = offsetof(Elf64_Ehdr, e_machine);
    return check_machine(head, (uint16_t)(head[at + low] | head[at + 1 - low] << 8), problem);
}

bool image_read(struct image *image, const void *head, size_t head_length, struct problem *problem)
{
    image->head = head;
    image->head_length = head_length;
    image->phdr = NULL;
    image->interpreter = NULL;
    image->stack = IMAGE_STACK_DEFAULT;
    if (!read_header(image, head, head_length, problem))
        return false;

    const Elf64_Ehdr *header = &image->header;
    if (header->e_type != ET_EXEC && header->e_type != ET_DYN) {
        const char *name = NAME_FIND(file_types, header->e_type);
        return problem_set(problem, "ELF header: type %u is not executable (%s)", header->e_type,
                           name == NULL ? "unknown" : name);
    }
    if (header->e_phnum == 0)
        return problem_set(problem, "ELF header: no program headers");
    if (header->e_phentsize != sizeof(Elf64_Phdr))
        return problem_set(problem, "ELF header: program header entry size is %u (not %zu)",
                           header->e_phentsize, sizeof(Elf64_Phdr));
    size_t bytes = (size_t)header->e_phnum * sizeof(Elf64_Phdr);
    if (bytes > PHDR_TABLE_LIMIT)
        return problem_set(problem,
                           "ELF header: %u program headers take 0x%zx bytes (0x%x at the most)",
                           header->e_phnum, bytes, PHDR_TABLE_LIMIT);
    uint64_t end;
    if (__builtin_add_overflow(header->e_phoff, bytes, &end) || end > image->file_size)
        return problem_set(problem,
                           "ELF header: %u program headers at 0x%" PRIx64
                           " are past the end of the file (0x%" PRIx64 ")",
                           header->e_phnum, header->e_phoff, image->file_size);

    Elf64_Phdr *phdr = malloc(bytes);
    if (phdr == NULL)
        return problem_set(problem, "no memory for %u program headers", header->e_phnum);
    image->phdr = phdr;
    const void *raw = (const char *)head + header->e_phoff;
    if (end > head_length) {
        if (!read_at(image, phdr, bytes, header->e_phoff, "program headers", problem))
            return false;
        raw = phdr;
    }
    if (!translate(phdr, raw, bytes, ELF_T_PHDR, ELFDATA2LSB))
        return problem_set(problem, "program headers: %s", elf_errmsg(-1));
    return true;
}

/* One PT_LOAD by itself.  `i` is its index, for the message. */
static bool check_load(const struct image *image, size_t i, struct problem *problem)
{
    const Elf64_Phdr *phdr = &image->phdr[i];
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
    if (phdr->p_filesz != 0 && file_end > image->file_size)
        return problem_set(problem,
                           "program header %zu: offset 0x%" PRIx64 " + file size 0x%" PRIx64
                           " is past the end of the file (0x%" PRIx64 ")",
                           i, phdr->p_offset, phdr->p_filesz, image->file_size);
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
    return true;
}

/* The PT_LOADs together: there is one, they ascend (gABI) and do not overlap. */
static bool check_loads(const struct image *image, struct problem *problem)
{
    const Elf64_Phdr *before = NULL;
    size_t before_index = 0;
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type != PT_LOAD)
            continue;
        if (!check_load(image, i, problem))
            return false;
        if (before != NULL && phdr->p_vaddr < before->p_vaddr)
            return problem_set(problem,
                               "program header %zu: address 0x%" PRIx64
                               " is below that of program header %zu (0x%" PRIx64
                               "): PT_LOADs must ascend",
                               i, phdr->p_vaddr, before_index, before->p_vaddr);
        if (before != NULL && phdr->p_memsz != 0 &&
            phdr->p_vaddr < before->p_vaddr + before->p_memsz)
            return problem_set(problem,
                               "program header %zu: 0x%" PRIx64 "-0x%" PRIx64
                               " overlaps program header %zu (0x%" PRIx64 "-0x%" PRIx64 ")",
                               i, phdr->p_vaddr, phdr->p_vaddr + phdr->p_memsz, before_index,
                               before->p_vaddr, before->p_vaddr + before->p_memsz);
        if (phdr->p_memsz != 0 || before == NULL) {
            before = phdr;
            before_index = i;
        }
    }
    if (before != NULL && before->p_memsz == 0)
        return problem_set(problem,
                           "program header %zu: an empty PT_LOAD, and no other has any memory",
                           before_index);
    if (before == NULL)
        return problem_set(problem, "no PT_LOAD among %u program headers", image->header.e_phnum);
    return true;
}

/* PT_INTERP: a path with its NUL, within the file (gABI, "Program Interpreter"). */
static bool read_interpreter(struct image *image, size_t i, struct problem *problem)
{
    const Elf64_Phdr *phdr = &image->phdr[i];
    uint64_t end;
    if (phdr->p_filesz < 2 || phdr->p_filesz > PATH_MAX)
        return problem_set(problem,
                           "program header %zu: interpreter's name takes %" PRIu64
                           " bytes (2 to %d)",
                           i, phdr->p_filesz, PATH_MAX);
    if (__builtin_add_overflow(phdr->p_offset, phdr->p_filesz, &end) || end > image->file_size)
        return problem_set(problem,
                           "program header %zu: interpreter's name at 0x%" PRIx64
                           " is past the end of the file (0x%" PRIx64 ")",
                           i, phdr->p_offset, image->file_size);
    char *path = malloc(phdr->p_filesz);
    if (path == NULL)
        return problem_set(problem, "no memory for the interpreter's name");
    image->interpreter = path;
    image->interpreter_phdr = i;
    if (end <= image->head_length)
        memcpy(path, image->head + phdr->p_offset, phdr->p_filesz);
    else if (!read_at(image, path, phdr->p_filesz, phdr->p_offset, "interpreter's name", problem))
        return false;
    if (path[phdr->p_filesz - 1] != '\0')
        return problem_set(problem, "program header %zu: interpreter's name does not end in NUL",
                           i);
    return true;
}

/* Where control goes first must be in a page of a segment that can be executed, and in none
 * is the ELF header a program: a shared library has 0 for its entry point (gABI, "ELF
 * Header"), where its header is, which the older linkers put into the same segment as code. */
static bool check_entry(const struct image *image, struct problem *problem)
{
    uint64_t entry = image->header.e_entry;
    bool library = entry == 0 && image->header.e_type == ET_DYN;
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        uint64_t start = phdr->p_vaddr & ~(ARCH_PAGE - 1);
        uint64_t end = (phdr->p_vaddr + phdr->p_memsz + ARCH_PAGE - 1) & ~(ARCH_PAGE - 1);
        bool header = phdr->p_offset == phdr->p_vaddr && phdr->p_filesz != 0;
        if (phdr->p_type == PT_LOAD && (phdr->p_flags & PF_X) != 0 && entry >= start &&
            entry < end && !(library && header))
            return true;
    }
    if (library)
        return problem_set(problem,
                           "a shared library, which has no entry point (it is 0x0): run a program "
                           "that uses it");
    return problem_set(problem, "entry point 0x%" PRIx64 " is in no executable PT_LOAD", entry);
}

bool image_check(struct image *image, enum image_role role, struct problem *problem)
{
    if (!check_loads(image, problem))
        return false;
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type == PT_GNU_STACK)
            image->stack = (phdr->p_flags & PF_X) != 0 ? IMAGE_STACK_EXEC : IMAGE_STACK_NOEXEC;
        /* as the kernel: the first PT_INTERP counts */
        if (phdr->p_type == PT_INTERP && image->interpreter == NULL &&
            !read_interpreter(image, i, problem))
            return false;
    }
    if (role == IMAGE_INTERPRETER && image->interpreter != NULL)
        return problem_set(problem,
                           "program header %zu: an interpreter that names an interpreter (%s)",
                           image->interpreter_phdr, image->interpreter);
    /* a program's with an interpreter too: there control goes when the interpreter is done */
    return role == IMAGE_LIBRARY || check_entry(image, problem);
}

size_t image_sections(const struct image *image, struct image_section **out)
{
    *out = NULL;
    size_t names, count = 0, room = 0;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(image->fd, ELF_C_READ, NULL);
    if (elf == NULL || elf_getshdrstrndx(elf, &names) != 0)
        return 0; /* not ended: the names below point into it, and so it is below */
    for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn != NULL; scn = elf_nextscn(elf, scn)) {
        const Elf64_Shdr *shdr = elf64_getshdr(scn);
        const char *name = shdr == NULL ? NULL : elf_strptr(elf, names, shdr->sh_name);
        if (name == NULL)
            continue;
        if (count == room) {
            room = room == 0 ? 64 : 2 * room;
            struct image_section *more = realloc(*out, room * sizeof *more);
            if (more == NULL)
                break;
            *out = more;
        }
        (*out)[count++] = (struct image_section){name, *shdr};
    }
    return count;
}
