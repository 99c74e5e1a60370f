#include "start.h"

#include "base/handoff.h"
#include "fixed.h"
#include "system.h"
#include "trace.h"

#include <string.h>

void start_read_stack(struct start *start, uint64_t *stack)
{
    start->stack = stack;
    start->argc = (int)*stack;
    start->argv = (char **)(stack + 1);
    start->envp = start->argv + start->argc + 1;
    start->ready = start->report = -1;
    char **end = start->envp;
    while (*end != NULL)
        end++;
    start->auxv = (Elf64_auxv_t *)(end + 1);
    for (Elf64_auxv_t *entry = start->auxv; entry->a_type != AT_NULL; entry++) {
        switch (entry->a_type) {
        case AT_PHDR:
            start->phdr = entry;
            break;
        case AT_PHNUM:
            start->phnum = entry;
            break;
        case AT_ENTRY:
            start->entry = entry;
            break;
        case AT_BASE:
            start->base = entry;
            break;
        case AT_EXECFN:
            start->execfn = entry;
            break;
        case AT_SYSINFO_EHDR:
            start->vdso = entry;
            break;
        case AT_UEXEC:
            start->handoff = entry;
            break;
        case AT_SECURE:
            start->secure = entry->a_un.a_val != 0;
            break;
        default:
            break;
        }
    }
}

void start_shift(struct start *start, char *from, char *to)
{
    Elf64_auxv_t *end = start->auxv;
    while (end->a_type != AT_NULL)
        end++;
    ptrdiff_t bytes = to - from;
    memmove(to, from, (size_t)((char *)(end + 1) - from));
    /* pointers to single entries move with them */
    Elf64_auxv_t **entries[] = {&start->auxv, &start->phdr,   &start->phnum,   &start->entry,
                                &start->base, &start->execfn, &start->handoff, &start->vdso};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (*entries[i] != NULL)
            *entries[i] = (Elf64_auxv_t *)((char *)*entries[i] + bytes);
}

/* ld.so(8), "Secure-execution mode". */
void start_read_environment(struct start *start)
{
    static const char names[][16] = {"LD_LIBRARY_PATH", "LD_PRELOAD", "LD_BIND_NOW", "UEXEC_TRACE"};
    char **to = start->envp, **from;
    for (from = start->envp; *from != NULL; from++) {
        if (**from != 'L' &&
            **from != 'U') { /* no name of ours begins so: most of the environment */
            *to++ = *from;
            continue;
        }
        size_t which = 0;
        size_t length = strcspn(*from, "=");
        while (which < 4 &&
               (strlen(names[which]) != length || memcmp(names[which], *from, length) != 0))
            which++;
        const char *value = *from + length + 1, *wrong;
        if (which == 4 || !start->secure)
            *to++ = *from;
        if (which == 4 || start->secure || (*from)[length] == '\0' || *value == '\0')
            continue;
        if (which == 0)
            fixed.search.library_path = value;
        else if (which == 1)
            start->preload = value;
        else if (which == 2)
            start->bind_now = true;
        else if (start->handoff == NULL && !trace_parse(value, &wrong)) /* uexec has --trace */
            system_say("UEXEC_TRACE: a list of search,reloc,bind,tls,init,dl,malloc,all,json; not "
                       "all of it is");
    }
    /* the auxiliary vector has to follow the first NULL */
    if (to != from)
        start_shift(start, (char *)from, (char *)to);
}
