#include "protect.h"

#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "fixed.h"
#include "map.h"
#include "system.h"

#include <sys/mman.h>

/* Protects the segments that are not writable, with `more` added to the protection of their
 * headers. */
static bool protect_text(const struct object *object, int more, struct problem *problem)
{
    for (size_t i = 0; i < object->phnum; i++) {
        const Elf64_Phdr *phdr = &object->phdr[i];
        if (phdr->p_type != PT_LOAD || (phdr->p_flags & PF_W) != 0 || phdr->p_memsz == 0)
            continue;
        uintptr_t start = page_down(object->bias + phdr->p_vaddr);
        uintptr_t end = page_up(object->bias + phdr->p_vaddr + phdr->p_memsz);
        int flags = ((phdr->p_flags & PF_R) != 0 ? PROT_READ : 0) |
                    ((phdr->p_flags & PF_X) != 0 ? PROT_EXEC : 0) | more;
        long answer = sys_call(SYS_mprotect, start, end - start, flags);
        if (answer != 0)
            return problem_set(problem,
                               "%s: text relocations: the segment at 0x%lx may not be made %s (%s)",
                               object_title(object), phdr->p_vaddr,
                               more != 0 ? "writable" : "what it was", system_error(answer));
    }
    return true;
}

/* DT_TEXTREL: every segment is writable while the object is relocated. */
bool protect_open(struct object *object, struct problem *problem)
{
    if (!fixed.text_relocations)
        return problem_set(problem,
                           "%s: it has text relocations (DT_TEXTREL): its code would have to be "
                           "written (compile with -fPIC, or --textrel=allow)",
                           object_title(object));
    object->writable_holes = true; /* every place is looked at */
    object->text_open = true;
    return protect_text(object, PROT_WRITE, problem);
}

static bool seal_relro(const struct object *object, struct problem *problem)
{
    uintptr_t start = page_down(object->relro), end = page_down(object->relro_end);
    if (object->relro_end == 0 || end <= start || start < object->start ||
        map_protect(start, end - start, PROT_READ, problem))
        return true;
    problem_blame(problem, "PT_GNU_RELRO");
    return problem_blame(problem, object_title(object));
}

bool protect_close(struct object *object, struct problem *problem)
{
    bool done = !object->text_open || protect_text(object, 0, problem);
    object->text_open = false;
    return done && seal_relro(object, problem);
}
