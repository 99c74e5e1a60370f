#include "present.h"

#include "base/page.h"
#include "load.h"
#include "start.h"
#include "system.h"

/* Addresses of an image that is there already. */
static void measure(struct object *object)
{
    uintptr_t low = UINTPTR_MAX, high = 0;
    for (size_t i = 0; i < object->phnum; i++) {
        const Elf64_Phdr *phdr = &object->phdr[i];
        if (phdr->p_type != PT_LOAD)
            continue;
        if (phdr->p_vaddr < low)
            low = phdr->p_vaddr;
        if (phdr->p_vaddr + phdr->p_memsz > high)
            high = phdr->p_vaddr + phdr->p_memsz;
    }
    object->start = page_down(object->bias + low);
    object->span = page_up(object->bias + high) - object->start;
    object->permanent = true;
}

/* An image by its ELF header, which has been mapped with it. */
struct object *present_of_header(const Elf64_Ehdr *header, const char *name)
{
    struct object *object = object_new(name);
    if (object == NULL)
        system_die("no memory");
    object->phdr = (const Elf64_Phdr *)((const char *)header + header->e_phoff);
    object->phnum = header->e_phnum;
    object->bias = (uintptr_t)header;
    for (size_t i = object->phnum; i-- > 0;)
        if (object->phdr[i].p_type == PT_LOAD)
            object->bias = (uintptr_t)header + object->phdr[i].p_offset - object->phdr[i].p_vaddr;
    measure(object);
    return object;
}

/* The program that the kernel, or uexec, has mapped: known by its program headers. */
struct object *present_program(const struct start *start)
{
    const char *name = start->execfn == NULL ? "program" : (const char *)start->execfn->a_un.a_val;
    struct object *object = object_new(name);
    if (object == NULL)
        system_die("no memory");
    object->phdr = (const Elf64_Phdr *)start->phdr->a_un.a_val;
    object->phnum = start->phnum->a_un.a_val;
    for (size_t i = object->phnum; i-- > 0;) {
        const Elf64_Phdr *phdr = &object->phdr[i];
        if (phdr->p_type == PT_PHDR) {
            object->bias = (uintptr_t)object->phdr - phdr->p_vaddr;
            break;
        }
        /* without a PT_PHDR: they are in the first page of the file */
        if (phdr->p_type == PT_LOAD && phdr->p_offset == 0)
            object->bias = page_down((uintptr_t)object->phdr) - phdr->p_vaddr;
    }
    measure(object);
    /* DT_DEBUG is going to be written: one fault for the page, not one to read it and one more */
    for (size_t i = 0; i < object->phnum; i++) {
        volatile uint64_t *dynamic = (uint64_t *)(object->bias + object->phdr[i].p_vaddr);
        if (object->phdr[i].p_type == PT_DYNAMIC && (uintptr_t)dynamic % 8 == 0 &&
            object_has(object, (uintptr_t)dynamic, 8, PF_W))
            __atomic_fetch_add(dynamic, 0, __ATOMIC_RELAXED); /* a write, of what is there */
    }
    return object;
}

/* The text of PT_INTERP: this file, if the kernel went by it. */
const char *present_interpreter(const struct object *program)
{
    for (size_t i = 0; i < program->phnum; i++) {
        const Elf64_Phdr *phdr = &program->phdr[i];
        uintptr_t address = program->bias + phdr->p_vaddr;
        if (phdr->p_type == PT_INTERP && phdr->p_filesz > 0 &&
            object_has(program, address, phdr->p_filesz, PF_R) &&
            ((const char *)address)[phdr->p_filesz - 1] == '\0')
            return (const char *)address;
    }
    return NULL;
}
