#include "map.h"

#include "allocate.h"
#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "elf/header.h"
#include "system.h"

#include <string.h>
#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* A writable segment of at most so many pages is populated at once: relocation writes to all pages
 * of a small one, as a rule. */
enum { POPULATE_PAGES = 8 };

/* What is read from the file before anything is mapped. */
struct image {
    Elf64_Ehdr header;
    const Elf64_Phdr *phdr;
    void *owned;         /* phdr's memory if the file's head was too short */
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
    return elf_is_foreign(head->bytes, head->size);
}

static bool read_image(struct image *image, int fd, const struct map_head *head, uint64_t size,
                       const struct elf_rules *asked, struct problem *problem)
{
    const Elf64_Ehdr *header = &image->header;
    if (!elf_header_read(&image->header, head->bytes, head->size, problem) ||
        !elf_header_check(header, size, asked, problem))
        return false;
    size_t bytes = elf_table_bytes(header);
    if (header->e_phoff + bytes <= head->size && header->e_phoff % 8 == 0) {
        image->phdr = (const Elf64_Phdr *)(head->bytes + header->e_phoff);
        return true;
    }
    image->owned = allocate(bytes);
    if (image->owned == NULL)
        return problem_set(problem, "no memory for %u program headers", header->e_phnum);
    long got = sys_call(SYS_pread64, fd, image->owned, bytes, header->e_phoff);
    if (got != (long)bytes)
        return problem_set(problem, "its %u program headers at 0x%lx cannot be read (%s)",
                           header->e_phnum, header->e_phoff,
                           got < 0 ? system_error(got) : "the file has become shorter");
    image->phdr = image->owned;
    return true;
}

/* The extent of the checked PT_LOADs that have memory. */
static void measure(struct image *image)
{
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type != PT_LOAD || phdr->p_memsz == 0)
            continue;
        if (image->first == NULL) {
            image->first = phdr;
            image->low = page_down(phdr->p_vaddr);
        }
        image->high = phdr->p_vaddr + phdr->p_memsz;
        if (phdr->p_align > image->align)
            image->align = phdr->p_align;
    }
}

static int protection(const Elf64_Phdr *phdr)
{
    return ((phdr->p_flags & PF_R) != 0 ? PROT_READ : 0) |
           ((phdr->p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
           ((phdr->p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

/* Reserves the whole span. If page alignment is enough, the mapping of the first segment is the
 * reservation too, which saves a system call. */
static bool reserve(struct object *object, const struct image *image, int fd, bool *first_mapped,
                    struct problem *problem)
{
    size_t span = page_up(image->high) - image->low;
    bool at_fixed = image->header.e_type == ET_EXEC;
    bool aligned = image->align <= ARCH_PAGE || at_fixed;
    const Elf64_Phdr *first = image->first;
    long answer;
    *first_mapped = aligned && first->p_filesz > 0;
    if (*first_mapped)
        answer = sys_call(SYS_mmap, at_fixed ? image->low : 0, span, protection(first),
                          MAP_PRIVATE | (at_fixed ? MAP_FIXED_NOREPLACE : 0), fd,
                          page_down(first->p_offset));
    else
        answer = sys_call(SYS_mmap, at_fixed ? image->low : 0, span + (aligned ? 0 : image->align),
                          PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | (at_fixed ? MAP_FIXED_NOREPLACE : 0), -1,
                          0);
    if (sys_failed(answer) || (at_fixed && (uintptr_t)answer != image->low))
        return problem_set(problem, "no room for 0x%zx bytes%s (%s)", span,
                           at_fixed ? " at its fixed address" : "", system_error(answer));
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

/* Clears the rest of the file's last page. Where the file has zeroes already, the page is not made
 * writable, because under PR_SET_MDWE (prctl(2)) code that was writable may not become executable
 * again. */
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

/* Zeroes after the file's bytes: the rest of their last page, then anonymous pages. */
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
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type != PT_LOAD || phdr->p_memsz == 0)
            continue;
        uintptr_t address = object->bias + phdr->p_vaddr, start = page_down(address);
        if (start > after && !map_protect(after, start - after, PROT_NONE, problem))
            return false; /* nobody's: an access is an error */
        after = page_up(address + phdr->p_memsz);
        if (phdr->p_filesz > 0 && !(first_mapped && phdr == image->first)) {
            size_t size = page_up(address + phdr->p_filesz) - start;
            /* relocation writes to all of a few pages: take their faults at once */
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

/* Sets object->phdr: to the table in the image if a segment holds it, else to a copy. */
static bool keep_headers(struct object *object, struct image *image, struct problem *problem)
{
    const Elf64_Ehdr *header = &image->header;
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
    const struct elf_rules *asked = program ? &elf_rules_program : &elf_rules_library;
    struct image image = {.phdr = NULL};
    bool first_mapped;
    bool done = read_image(&image, fd, head, size, asked, problem) &&
                elf_loads_check(&image.header, image.phdr, size, asked, problem);
    if (done)
        measure(&image);
    done = done && reserve(object, &image, fd, &first_mapped, problem) &&
           map_segments(object, &image, fd, first_mapped, problem) &&
           keep_headers(object, &image, problem);
    if (!done)
        object_unmap(object);
    else if (entry != NULL)
        *entry = object->bias + image.header.e_entry;
    release(image.owned);
    return done;
}

void object_unmap(struct object *object)
{
    if (object->mapped)
        sys_call(SYS_munmap, object->start, object->span);
    object->mapped = false;
}
