#include "inspect/provenance.h"

#include "base/page.h"
#include "base/problem.h"
#include "base/text.h"
#include "elf/section.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t provenance_mapped(const struct plan_step *step)
{
    if (step->kind == PLAN_CLEAR || step->kind == PLAN_UNMAP)
        return 0;
    return step->kind == PLAN_RESERVE ? step->keep : step->length;
}

static bool overlaps(uint64_t start, uint64_t end, uint64_t other, uint64_t length)
{
    return other < end && other + length > start;
}

/* Appends to a text of limited room. */
__attribute__((format(printf, 4, 5))) static void append(char *text, size_t room, size_t *length,
                                                         const char *format, ...)
{
    va_list list;
    va_start(list, format);
    *length += text_vformat(text + *length, room - *length, format, list);
    va_end(list);
    if (*length == room - 1)
        memcpy(text + room - 4, "...", 4); /* of thousands of sections, not all are named */
}

/* Has the mapping bytes of the section, from a PT_LOAD that the section is in? */
static bool mapping_has(const struct image *image, const struct mapping *mapping,
                        const Elf64_Shdr *section)
{
    if (section->sh_size == 0 ||
        !overlaps(mapping->start, mapping->end, section->sh_addr + image->bias, section->sh_size))
        return false;
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type == PT_LOAD && section_in_segment(section, phdr))
            return true;
    }
    return false;
}

/* The program headers and sections of one image that a mapping holds. */
static void append_origin(const struct origin *origin, const struct mapping *mapping, char *text,
                          size_t room, size_t *length)
{
    const struct image *image = origin->image;
    size_t before = *length;
    for (size_t j = 0; j < image->plan.count; j++) {
        const struct plan_step *step = &image->plan.steps[j];
        uint64_t bytes = provenance_mapped(step);
        if (bytes == 0 ||
            !overlaps(mapping->start, mapping->end, step->address + image->bias, bytes))
            continue;
        append(text, room, length, "%s%sLOAD[%zu]%s", *length == before ? "" : " ", origin->label,
               step->phdr, step->kind == PLAN_MAP_ZERO ? " bss" : "");
    }
    if (*length == before)
        return;
    const char *before_first = ":";
    for (size_t j = 0; j < origin->sections.count; j++) {
        const struct image_section *section = &origin->sections.entries[j];
        if (mapping_has(image, mapping, &section->header)) {
            append(text, room, length, "%s %s", before_first, section->name);
            before_first = "";
        }
    }
}

size_t provenance_text(const struct provenance *provenance, const struct mapping *mapping,
                       char *text, size_t room)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < provenance->count; i++)
        append_origin(&provenance->origins[i], mapping, text, room, &length);
    if (length == 0 && mapping_kind(mapping) == MAPPING_STACK)
        append(text, room, &length, "argv, envp, auxv; grows down");
    if (length == 0 && mapping_kind(mapping) == MAPPING_KERNEL)
        append(text, room, &length, "the kernel");
    if (length == 0 && strncmp(mapping->permissions, "---", 3) == 0)
        append(text, room, &length, "no access: a guard");
    return length;
}

/* The address, in the image, of a part of its file; false: no step maps it. */
static bool address_of(const struct plan *plan, uint64_t offset, uint64_t *address)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_step *step = &plan->steps[i];
        bool of_file = step->kind == PLAN_MAP_FILE || step->kind == PLAN_RESERVE;
        if (of_file && offset >= step->offset && offset - step->offset < provenance_mapped(step)) {
            *address = step->address + offset - step->offset;
            return true;
        }
    }
    return false;
}

/* Is the open file the mapped one? Its name may belong to another file by now. The function maps
 * the file here and compares the two lines of maps, because fstat(2) reports other devices than
 * maps on some file systems (overlayfs, btrfs). */
static bool is_mapped(const struct mapping *mapping, int fd)
{
    struct maps here;
    bool same = false;
    void *at = mmap(NULL, ARCH_PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return false;
    if (maps_read(&here, getpid())) {
        for (size_t i = 0; i < here.count && !same; i++)
            same = here.entries[i].start == (uintptr_t)at &&
                   here.entries[i].inode == mapping->inode &&
                   strcmp(here.entries[i].device, mapping->device) == 0;
        maps_free(&here);
    }
    munmap(at, ARCH_PAGE);
    return same;
}

/* Reads a mapping's file, as a library that begins there, into *image. false: it is no library, or
 * cannot be read. */
static bool open_library(struct image *image, const struct mapping *mapping)
{
    struct problem problem;
    struct stat status;
    uint64_t address;
    *image = (struct image){
        .name = mapping->name,
        .fd = open(mapping->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
    };
    if (image->fd < 0 || fstat(image->fd, &status) != 0 || !is_mapped(mapping, image->fd))
        return false;
    image->file_size = (uint64_t)status.st_size;
    char head[IMAGE_HEAD];
    ssize_t got = pread(image->fd, head, sizeof head, 0);
    if (got < 0 || !image_open(image, head, (size_t)got, IMAGE_LIBRARY, &problem) ||
        !address_of(&image->plan, mapping->offset, &address))
        return false;
    image->head = NULL; /* the mapping was only for the comparison */
    image->head_length = 0;
    image->bias = mapping->start - address;
    return true;
}

static void close_image(struct image *image)
{
    if (image->fd >= 0)
        close(image->fd);
    image_free(image);
    free(image);
}

bool provenance_add(struct provenance *provenance, const struct image *image, const char *role,
                    const char *label)
{
    struct origin *more =
        realloc(provenance->origins, (provenance->count + 1) * sizeof *provenance->origins);
    char *copy = strdup(label);
    if (more != NULL)
        provenance->origins = more;
    if (more == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    struct origin *origin = &more[provenance->count++];
    *origin = (struct origin){.image = image, .role = role, .label = copy};
    image_sections_read(&origin->sections, image);
    return true;
}

static bool is_known(const struct provenance *provenance, const struct mapping *mapping)
{
    for (size_t i = 0; i < provenance->count; i++) {
        const struct image *image = provenance->origins[i].image;
        if (overlaps(mapping->start, mapping->end, image->plan.start + image->bias,
                     image->plan.span))
            return true;
    }
    return false;
}

void provenance_add_libraries(struct provenance *provenance, const struct maps *maps)
{
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        char label[TEXT_BRIEF];
        if (mapping->name[0] != '/' || is_known(provenance, mapping))
            continue;
        text_format(label, sizeof label, "%s ", strrchr(mapping->name, '/') + 1);
        struct image *image = malloc(sizeof *image);
        if (image == NULL)
            return;
        if (open_library(image, mapping) && provenance_add(provenance, image, "library", label))
            provenance->origins[provenance->count - 1].opened = image;
        else
            close_image(image);
    }
}

/* The range that a linker makes read-only after relocation: PT_GNU_RELRO, in whole pages. */
struct range {
    uint64_t start, end;
};

static struct range relro_of(const struct image *image)
{
    struct range relro = {0, 0};
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type == PT_GNU_RELRO) {
            relro.start = page_down(phdr->p_vaddr + image->bias);
            relro.end = page_up(phdr->p_vaddr + image->bias + phdr->p_memsz);
        }
    }
    return relro;
}

/* Is all of a planned range mapped as planned? Its part in `relro` need not be writable any more.
 */
static bool as_planned(const struct maps *maps, uint64_t start, uint64_t length, int protection,
                       struct range relro)
{
    uint64_t end = start + length;
    for (size_t i = 0; i < maps->count && start < end; i++) {
        const struct mapping *mapping = &maps->entries[i];
        if (start < mapping->start || start >= mapping->end)
            continue;
        const char *permissions = mapping->permissions;
        uint64_t part_end = mapping->end < end ? mapping->end : end;
        bool sealed = permissions[1] == '-' && start >= relro.start && part_end <= relro.end;
        if ((permissions[0] == 'r') != ((protection & PROT_READ) != 0) ||
            (!sealed && (permissions[1] == 'w') != ((protection & PROT_WRITE) != 0)) ||
            (permissions[2] == 'x') != ((protection & PROT_EXEC) != 0))
            return false;
        start = mapping->end;
    }
    return start >= end;
}

size_t provenance_check(const struct provenance *provenance, size_t count, const struct maps *maps,
                        bool relocated, size_t *wrong)
{
    size_t ranges = 0;
    *wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const struct image *image = provenance->origins[i].image;
        struct range relro = relocated ? relro_of(image) : (struct range){0, 0};
        for (size_t j = 0; j < image->plan.count; j++) {
            const struct plan_step *step = &image->plan.steps[j];
            uint64_t bytes = provenance_mapped(step);
            if (bytes == 0)
                continue;
            ranges++;
            *wrong +=
                !as_planned(maps, step->address + image->bias, bytes, step->protection, relro);
        }
    }
    return ranges;
}

void provenance_free(struct provenance *provenance)
{
    for (size_t i = 0; i < provenance->count; i++) {
        struct origin *origin = &provenance->origins[i];
        image_sections_free(&origin->sections);
        free(origin->label);
        if (origin->opened != NULL)
            close_image(origin->opened);
    }
    free(provenance->origins);
    *provenance = (struct provenance){0};
}
