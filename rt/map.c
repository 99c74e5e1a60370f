#include "map.h"

#include "allocate.h"
#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "machine.h"
#include "system.h"

#include <string.h>
#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* Pages of a segment that is written to, up to which all their faults are taken at once: a few are
 * all written to by relocation, as a rule. */
enum { POPULATE_PAGES = 8 };

enum { PHNUM_MOST = 65535 / sizeof(Elf64_Phdr) };

/* Addresses that a user process has at the most (psABI 3.3.2, 47 bits). */
#define ADDRESS_LIMIT (1ul << 47)

/* What is read from the file before anything is mapped. */
struct image {
    const struct map_head *head;
    const Elf64_Phdr *phdr;
    void *owned;         /* phdr's memory if `head` was too short */
    uintptr_t low, high; /* of the LOAD segments, not rounded */
    size_t align;        /* the largest, bytes */
    const Elf64_Phdr *first;
};

bool map_head_read(struct map_head *head, int fd, struct problem *problem)
{
    long got = sys_call(SYS_pread64, fd, head->bytes, MAP_HEAD, 0);
    head->size = got < 0 ? 0 : (size_t)got;
    return got >= 0 || problem_set(problem, "cannot be read (%s)", system_error(got));
}

bool map_head_foreign(const struct map_head *head)
{
    const Elf64_Ehdr *header = &head->header;
    return head->size >= sizeof(Elf32_Ehdr) && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
           (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
            header->e_machine != ARCH_MACHINE);
}

static bool check_header(const Elf64_Ehdr *header, bool program, struct problem *problem)
{
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return problem_set(problem, "not an ELF file (it begins with %02x %02x %02x %02x)",
                           header->e_ident[0], header->e_ident[1], header->e_ident[2],
                           header->e_ident[3]);
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB)
        return problem_set(problem, "not a 64-bit little-endian ELF file (class %u, data %u)",
                           header->e_ident[EI_CLASS], header->e_ident[EI_DATA]);
    if (header->e_machine != ARCH_MACHINE)
        return problem_set(problem,
                           "for another machine (%u, and this is %u, " ARCH_MACHINE_NAME ")",
                           header->e_machine, ARCH_MACHINE);
    if (header->e_type != ET_DYN && !(program && header->e_type == ET_EXEC))
        return problem_set(problem, "not a shared object (ELF type %u)", header->e_type);
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
        header->e_phnum > PHNUM_MOST)
        return problem_set(problem, "%u program headers of %u bytes", header->e_phnum,
                           header->e_phentsize);
    return true;
}

static bool read_image(struct image *image, int fd, bool program, struct problem *problem)
{
    const Elf64_Ehdr *header = &image->head->header;
    if (image->head->size < sizeof *header)
        return problem_set(problem, "not an ELF file (%zu bytes)", image->head->size);
    if (!check_header(header, program, problem))
        return false;
    size_t size = header->e_phnum * sizeof(Elf64_Phdr);
    if (header->e_phoff <= image->head->size && size <= image->head->size - header->e_phoff &&
        header->e_phoff % 8 == 0) {
        image->phdr = (const Elf64_Phdr *)(image->head->bytes + header->e_phoff);
        return true;
    }
    image->owned = allocate(size);
    if (image->owned == NULL)
        return problem_set(problem, "no memory for %u program headers", header->e_phnum);
    long got = header->e_phoff > 1ul << 62
                   ? 0
                   : sys_call(SYS_pread64, fd, image->owned, size, header->e_phoff);
    if (got != (long)size)
        return problem_set(problem, "its %u program headers at 0x%lx are past the end of the file",
                           header->e_phnum, header->e_phoff);
    image->phdr = image->owned;
    return true;
}

static bool check_segment(const Elf64_Phdr *phdr, size_t number, uint64_t size, uintptr_t after,
                          struct problem *problem)
{
    if (phdr->p_filesz > phdr->p_memsz)
        return problem_set(problem,
                           "program header %zu: file size 0x%lx is more than memory size 0x%lx",
                           number, phdr->p_filesz, phdr->p_memsz);
    if (phdr->p_vaddr >= ADDRESS_LIMIT || phdr->p_memsz > ADDRESS_LIMIT - phdr->p_vaddr)
        return problem_set(problem, "program header %zu: 0x%lx bytes at 0x%lx are no addresses",
                           number, phdr->p_memsz, phdr->p_vaddr);
    if (phdr->p_offset > size || phdr->p_filesz > size - phdr->p_offset)
        return problem_set(
            problem,
            "program header %zu: 0x%lx bytes at offset 0x%lx are past the end of the "
            "file (0x%lx)",
            number, phdr->p_filesz, phdr->p_offset, size);
    if ((phdr->p_offset - phdr->p_vaddr) % ARCH_PAGE != 0)
        return problem_set(
            problem, "program header %zu: offset 0x%lx and address 0x%lx differ within a page",
            number, phdr->p_offset, phdr->p_vaddr);
    /* in one page the later mapping would win, and take away what the earlier one is known to have
     */
    if (page_down(phdr->p_vaddr) < page_up(after))
        return problem_set(problem,
                           "program header %zu: its first page 0x%lx is not above the end of the "
                           "one before (0x%lx)",
                           number, page_down(phdr->p_vaddr), after);
    if ((phdr->p_align & (phdr->p_align - 1)) != 0 || phdr->p_align > ADDRESS_LIMIT / 4)
        return problem_set(problem, "program header %zu: alignment 0x%lx", number, phdr->p_align);
    return true;
}

static bool check_segments(struct image *image, uint64_t size, struct problem *problem)
{
    uintptr_t after = 0;
    for (size_t i = 0; i < image->head->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type != PT_LOAD || (phdr->p_memsz == 0 && phdr->p_filesz == 0))
            continue;
        if (!check_segment(phdr, i, size, after, problem))
            return false;
        if (image->first == NULL) {
            image->first = phdr;
            image->low = page_down(phdr->p_vaddr);
        }
        after = image->high = phdr->p_vaddr + phdr->p_memsz;
        if (phdr->p_align > image->align)
            image->align = phdr->p_align;
    }
    return image->first != NULL || problem_set(problem, "it has no PT_LOAD to map");
}

static int protection(const Elf64_Phdr *phdr)
{
    return ((phdr->p_flags & PF_R) != 0 ? PROT_READ : 0) |
           ((phdr->p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
           ((phdr->p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

/* Room for all of it. Where a page is alignment enough, the first segment's mapping of the file is
 * the room, too: one system call less. */
static bool reserve(struct object *object, const struct image *image, int fd, bool *first_mapped,
                    struct problem *problem)
{
    size_t span = page_up(image->high) - image->low;
    bool fixed = image->head->header.e_type == ET_EXEC;
    bool aligned = image->align <= ARCH_PAGE || fixed;
    const Elf64_Phdr *first = image->first;
    long answer;
    *first_mapped = aligned && first->p_filesz > 0;
    if (*first_mapped)
        answer = sys_call(SYS_mmap, fixed ? image->low : 0, span, protection(first),
                          MAP_PRIVATE | (fixed ? MAP_FIXED_NOREPLACE : 0), fd,
                          page_down(first->p_offset));
    else
        answer = sys_call(SYS_mmap, fixed ? image->low : 0, span + (aligned ? 0 : image->align),
                          PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | (fixed ? MAP_FIXED_NOREPLACE : 0), -1, 0);
    if (sys_failed(answer) || (fixed && (uintptr_t)answer != image->low))
        return problem_set(problem, "no room for 0x%zx bytes%s (%s)", span,
                           fixed ? " at its fixed address" : "", system_error(answer));
    object->start = (uintptr_t)answer;
    if (!aligned) {
        /* the bias has to be a multiple of the alignment */
        uintptr_t bias = (object->start - image->low + image->align - 1) & -image->align;
        uintptr_t start = bias + image->low;
        if (start > object->start)
            sys_call(SYS_munmap, object->start, start - object->start);
        uintptr_t end = object->start + span + image->align;
        if (end > start + span)
            sys_call(SYS_munmap, start + span, end - (start + span));
        object->start = start;
    }
    object->span = span;
    object->bias = object->start - image->low;
    object->mapped = true;
    return true;
}

bool map_protect(uintptr_t start, size_t size, int protection, struct problem *problem)
{
    long answer = sys_call(SYS_mprotect, start, size, protection);
    return answer == 0 ||
           problem_set(problem, "0x%lx bytes at 0x%lx may not become %c%c%c (%s)", size, start,
                       (protection & PROT_READ) != 0 ? 'r' : '-',
                       (protection & PROT_WRITE) != 0 ? 'w' : '-',
                       (protection & PROT_EXEC) != 0 ? 'x' : '-', system_error(answer));
}

static bool is_zero(const char *bytes, size_t size)
{
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    return size == 0;
}

/* The rest of the file's last page. Linkers fill it with zeroes where they leave it: what is so
 * already is not made writable, because code that has been so may not become executable again
 * everywhere (prctl(2), PR_SET_MDWE). */
static bool zero_tail(uintptr_t bytes, size_t tail, const Elf64_Phdr *phdr, struct problem *problem)
{
    bool writable = (phdr->p_flags & PF_W) != 0;
    uintptr_t page = page_down(bytes);
    if (!writable && (phdr->p_flags & PF_R) != 0 && is_zero((const char *)bytes, tail))
        return true;
    if (!writable && !map_protect(page, ARCH_PAGE, PROT_READ | PROT_WRITE, problem))
        return false;
    memset((void *)bytes, 0, tail);
    return writable || map_protect(page, ARCH_PAGE, protection(phdr), problem);
}

/* What is past the file's bytes is zero: the rest of their last page, and pages of their own. */
static bool map_zeroes(uintptr_t address, const Elf64_Phdr *phdr, struct problem *problem)
{
    uintptr_t bytes = address + phdr->p_filesz, end = page_up(address + phdr->p_memsz);
    uintptr_t page = phdr->p_filesz == 0 ? page_down(bytes) : page_up(bytes);
    if (page > bytes && phdr->p_filesz > 0 &&
        !zero_tail(bytes, (end < page ? end : page) - bytes, phdr, problem))
        return false;
    if (end <= page)
        return true;
    long answer = sys_call(SYS_mmap, page, end - page, protection(phdr),
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return !sys_failed(answer) ||
           problem_set(problem, "0x%lx bytes of zeroes cannot be mapped (%s)", end - page,
                       system_error(answer));
}

static bool map_segments(const struct object *object, const struct image *image, int fd,
                         bool first_mapped, struct problem *problem)
{
    uintptr_t after = object->start;
    for (size_t i = 0; i < image->head->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type != PT_LOAD || phdr->p_memsz == 0)
            continue;
        uintptr_t address = object->bias + phdr->p_vaddr, start = page_down(address);
        if (start > after && !map_protect(after, start - after, PROT_NONE, problem))
            return false; /* nobody's: an access is an error */
        after = page_up(address + phdr->p_memsz);
        if (phdr->p_filesz > 0 && !(first_mapped && phdr == image->first)) {
            size_t size = page_up(address + phdr->p_filesz) - start;
            /* few pages are all written to by relocation, as a rule: their faults at once */
            bool populate = (phdr->p_flags & PF_W) != 0 && size <= POPULATE_PAGES * ARCH_PAGE;
            long answer = sys_call(SYS_mmap, start, size, protection(phdr),
                                   MAP_PRIVATE | MAP_FIXED | (populate ? MAP_POPULATE : 0), fd,
                                   page_down(phdr->p_offset));
            if (sys_failed(answer))
                return problem_set(problem, "program header %zu cannot be mapped (%s)", i,
                                   system_error(answer));
        }
        if (phdr->p_memsz > phdr->p_filesz && !map_zeroes(address, phdr, problem))
            return false;
    }
    return true;
}

/* The program headers in memory: the image's own if a segment holds them. */
static bool keep_headers(struct object *object, struct image *image, struct problem *problem)
{
    const Elf64_Ehdr *header = &image->head->header;
    size_t size = header->e_phnum * sizeof(Elf64_Phdr);
    object->phnum = header->e_phnum;
    object->phdr = image->phdr;
    for (size_t i = 0; i < object->phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        uint64_t inside = header->e_phoff - phdr->p_offset;
        if (phdr->p_type == PT_LOAD && (phdr->p_flags & PF_R) != 0 && inside < phdr->p_filesz &&
            size <= phdr->p_filesz - inside && (phdr->p_flags & PF_W) == 0) {
            object->phdr = (const Elf64_Phdr *)(object->bias + phdr->p_vaddr + inside);
            return true;
        }
    }
    if (image->owned == NULL) {
        image->owned = allocate(size);
        if (image->owned == NULL)
            return problem_set(problem, "no memory for %u program headers", header->e_phnum);
        memcpy(image->owned, image->phdr, size);
    }
    object->phdr = image->owned; /* never released: few objects are so */
    image->owned = NULL;
    return true;
}

bool object_map(struct object *object, int fd, const struct map_head *head, uint64_t size,
                bool program, uintptr_t *entry, struct problem *problem)
{
    struct image image = {.head = head};
    bool first_mapped;
    bool done = read_image(&image, fd, program, problem) && check_segments(&image, size, problem) &&
                reserve(object, &image, fd, &first_mapped, problem) &&
                map_segments(object, &image, fd, first_mapped, problem) &&
                keep_headers(object, &image, problem);
    if (!done)
        object_unmap(object);
    else if (entry != NULL)
        *entry = object->bias + image.head->header.e_entry;
    release(image.owned);
    return done;
}

void object_unmap(struct object *object)
{
    if (object->mapped)
        sys_call(SYS_munmap, object->start, object->span);
    object->mapped = false;
}
