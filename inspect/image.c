#include "inspect/image.h"

#include "base/page.h"
#include "base/problem.h"
#include "elf/header.h"

#include <errno.h>
#include <inttypes.h>
#include <libelf.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads exactly `length` bytes at `offset`. If the file has shrunk since fstat(), that is an error
 * like any other. */
static bool read_at(const struct image *image, void *to, size_t length, uint64_t offset,
                    const char *what, struct problem *problem)
{
    for (size_t done = 0; done < length;) {
        ssize_t got = pread(image->fd, (char *)to + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_set(problem, "cannot read %s (%s)", what, strerror(errno));
        if (got == 0)
            return problem_set(problem,
                               "%s: the file ends at 0x%" PRIx64 " (0x%" PRIx64
                               " when it was opened)",
                               what, offset + done, image->file_size);
        done += (size_t)got;
    }
    return true;
}

bool image_read(struct image *image, const void *head, size_t head_length, struct problem *problem)
{
    const unsigned char *bytes = head;
    Elf64_Ehdr *header = &image->header;
    image->head = head;
    image->head_length = head_length;
    image->phdr = NULL;
    image->interpreter = NULL;
    image->stack = IMAGE_STACK_DEFAULT;
    if (head_length == 0)
        return problem_set(problem, "the file is empty");
    if (!elf_is_elf(head, head_length))
        return problem_set(problem,
                           "neither an ELF image nor a #! script (it begins with %02x %02x %02x "
                           "%02x)",
                           bytes[0], head_length > 1 ? bytes[1] : 0, head_length > 2 ? bytes[2] : 0,
                           head_length > 3 ? bytes[3] : 0);
    if (!elf_header_read(header, head, head_length, problem) ||
        !elf_header_check(header, image->file_size, &elf_rules_kernel, problem))
        return false;
    size_t size = elf_table_bytes(header);
    Elf64_Phdr *phdr = malloc(size);
    if (phdr == NULL)
        return problem_set(problem, "no memory for %u program headers", header->e_phnum);
    image->phdr = phdr;
    const void *raw = (const char *)head + header->e_phoff;
    if (header->e_phoff + size > head_length) {
        if (!read_at(image, phdr, size, header->e_phoff, "program headers", problem))
            return false;
        raw = phdr;
    }
    elf_table_read(phdr, raw, header);
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

/* The entry point must be in a page of an executable segment, and not in the ELF header: a shared
 * library has 0 for its entry point (gABI, "ELF Header"), and older link editors put the header,
 * which is at 0, into the segment of the code. */
static bool check_entry(const struct image *image, struct problem *problem)
{
    uint64_t entry = image->header.e_entry;
    bool library = entry == 0 && image->header.e_type == ET_DYN;
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        uint64_t start = page_down(phdr->p_vaddr);
        uint64_t end = page_up(phdr->p_vaddr + phdr->p_memsz);
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
    if (!elf_loads_check(&image->header, image->phdr, image->file_size, &elf_rules_kernel, problem))
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
    /* also that of a program with an interpreter, which jumps there in the end */
    return role == IMAGE_LIBRARY || check_entry(image, problem);
}

bool image_plan(struct image *image, struct problem *problem)
{
    size_t most = plan_steps_most(&image->header, image->phdr);
    struct plan_step *steps = calloc(most, sizeof *steps);
    if (steps == NULL)
        return problem_set(problem, "no memory for a plan of %zu steps", most);
    plan_build(&image->plan, &image->header, image->phdr, image->interpreter != NULL, steps);
    return true;
}

bool image_open(struct image *image, const void *head, size_t head_length, enum image_role role,
                struct problem *problem)
{
    return image_read(image, head, head_length, problem) && image_check(image, role, problem) &&
           image_plan(image, problem);
}

void image_free(struct image *image)
{
    free((void *)image->phdr);
    free((void *)image->interpreter);
    free(image->plan.steps);
    image->phdr = NULL;
    image->interpreter = NULL;
    image->plan.steps = NULL;
}

/* Appends a section. false: no memory. */
static bool add_section(struct image_sections *sections, const char *name, const Elf64_Shdr *header)
{
    /* doubles at each power of two, because the loader's realloc() frees nothing */
    size_t count = sections->count;
    if ((count & (count - 1)) == 0) {
        size_t room = count == 0 ? 1 : 2 * count;
        struct image_section *more = realloc(sections->entries, room * sizeof *sections->entries);
        if (more == NULL)
            return false;
        sections->entries = more;
    }
    sections->entries[sections->count++] = (struct image_section){name, *header};
    return true;
}

void image_sections_read(struct image_sections *sections, const struct image *image)
{
    size_t names;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(image->fd, ELF_C_READ, NULL);
    *sections = (struct image_sections){.elf = elf};
    if (elf == NULL || elf_getshdrstrndx(elf, &names) != 0)
        return;
    for (Elf_Scn *scn = elf_nextscn(elf, NULL); scn != NULL; scn = elf_nextscn(elf, scn)) {
        const Elf64_Shdr *shdr = elf64_getshdr(scn);
        const char *name = shdr == NULL ? NULL : elf_strptr(elf, names, shdr->sh_name);
        if (name != NULL && !add_section(sections, name, shdr))
            return;
    }
}

void image_sections_free(struct image_sections *sections)
{
    free(sections->entries);
    elf_end(sections->elf);
    *sections = (struct image_sections){0};
}
