#include "present.h"

#include "base/page.h"
#include "load.h"
#include "start.h"
#include "system.h"

/* Sets start and span of a mapped image. */
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

/* The bias follows from the segment that holds the ELF header. */
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

/* AT_PHDR is the table's run-time address. */
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
        /* without a PT_PHDR, the table is in the file's first page */
        if (phdr->p_type == PT_LOAD && phdr->p_offset == 0)
            object->bias = page_down((uintptr_t)object->phdr) - phdr->p_vaddr;
    }
    measure(object);
    /* DT_DEBUG will be written: a write now makes one page fault of two */
    for (size_t i = 0; i < object->phnum; i++) {
        volatile uint64_t *dynamic = (uint64_t *)(object->bias + object->phdr[i].p_vaddr);
        if (object->phdr[i].p_type == PT_DYNAMIC && (uintptr_t)dynamic % 8 == 0 &&
            object_has(object, (uintptr_t)dynamic, 8, PF_W))
            __atomic_fetch_add(dynamic, 0, __ATOMIC_RELAXED); /* a write, of what is there */
    }
    return object;
}

/* If the kernel started rt, this is rt's own file. */
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
