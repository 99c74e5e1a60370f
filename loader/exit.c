#include "exit.h"

#include "arch.h"
#include "base/page.h"
#include "launch.h"
#include "self.h"

/* The vDSO's code: the ELF header and all code are in its one PT_LOAD. */
static size_t vdso_code_length(const struct self *self)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)self->vdso_elf;
    const Elf64_Phdr *load = (const Elf64_Phdr *)(self->vdso_elf + header->e_phoff);
    return load->p_filesz;
}

/* Where the mapped bytes of program header `index` end: a segment that begins in the same page
 * takes that page. */
static uint64_t segment_end(const struct image *image, size_t index)
{
    const Elf64_Phdr *phdr = &image->phdr[index];
    uint64_t end = phdr->p_vaddr + phdr->p_filesz;
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        uint64_t other = page_down(image->phdr[i].p_vaddr);
        if (image->phdr[i].p_type == PT_LOAD && image->phdr[i].p_vaddr > phdr->p_vaddr &&
            image->phdr[i].p_memsz != 0 && other < end)
            end = other < phdr->p_vaddr ? phdr->p_vaddr : other;
    }
    return end;
}

/* Searches the code that stays: calls `look` for each segment that may be executed and read, the
 * interpreter's first, until `look` returns true. */
static bool search_images(const struct launch *launch, struct arch_exit *exit,
                          bool (*look)(const unsigned char *code, size_t length,
                                       struct arch_exit *exit))
{
    const struct image *places[] = {&launch->interpreter, &launch->program};
    for (size_t i = launch->has_interpreter ? 0 : 1; i < 2; i++) {
        const struct image *image = places[i];
        for (size_t j = 0; j < image->header.e_phnum; j++) {
            const Elf64_Phdr *phdr = &image->phdr[j];
            uintptr_t start = phdr->p_vaddr + image->bias;
            if (phdr->p_type == PT_LOAD && (phdr->p_flags & (PF_R | PF_X)) == (PF_R | PF_X) &&
                look((const unsigned char *)start, segment_end(image, j) - phdr->p_vaddr, exit))
                return true;
        }
    }
    return false;
}

static bool look_for_gadget(const unsigned char *code, size_t length, struct arch_exit *exit)
{
    return arch_gadget_find(code, length, (uintptr_t)code, &exit->gadget);
}

static bool look_for_restorer(const unsigned char *code, size_t length, struct arch_exit *exit)
{
    return arch_restorer_find(code, length, (uintptr_t)code, exit->gadget.address, &exit->restorer);
}

bool exit_find(struct arch_exit *exit, const struct self *self, const struct launch *launch)
{
    const unsigned char *vdso = (const unsigned char *)self->vdso_elf;
    size_t vdso_length = vdso == NULL ? 0 : vdso_code_length(self);
    if (!look_for_gadget(vdso, vdso_length, exit) && !search_images(launch, exit, look_for_gadget))
        return false;
    if (!exit->gadget.clean && !look_for_restorer(vdso, vdso_length, exit))
        search_images(launch, exit, look_for_restorer);
    return true;
}
