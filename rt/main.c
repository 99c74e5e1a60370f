/* From the first instruction to the program's, in this order:
 *  1. rt relocates itself              (before it nothing may use an address that is stored)
 *  2. the stack: what is asked for, and whether rt was started by hand
 *  3. the list: program, vDSO, preloaded libraries, all that is needed, rt
 *  4. versions; thread-local modules get their places; the first thread's block
 *                                      (5 needs the offsets; resolvers of 5 the thread pointer)
 *  5. relocation, last loaded first    (the program last, because it copies data of the others)
 *  6. first contents of thread-local blocks, which 5 may have relocated
 *  7. libc-min's table of the linker, and what it needs of the process
 *  8. indirect functions               (their resolvers may use all of the above)
 *  9. debuggers and uexec --maps may look
 * 10. constructors, unless libc-min's start runs them, and the program
 */
#include "allocate.h"
#include "base/handoff.h"
#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "bind.h"
#include "debug.h"
#include "dl.h"
#include "end.h"
#include "init.h"
#include "load.h"
#include "lock.h"
#include "lookup.h"
#include "missing.h"
#include "open.h"
#include "placement.h"
#include "relocate.h"
#include "rules.h"
#include "search.h"
#include "settle.h"
#include "start.h"
#include "system.h"
#include "tls.h"
#include "trace.h"
#include "version.h"

#include <string.h>
#include <sys/mman.h>

extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));
void _start(void);

/* What start.S goes on with: where, and with which stack pointer. */
struct start_end {
    uintptr_t entry, stack;
};
struct start_end rt_start(uint64_t *stack);

/* For start.S: what the program is to call at exit (psABI 3.4.1, %rdx); NULL: nothing. */
void (*rt_exit)(void);

/* rt has RELR and RELATIVE only: it is linked with -Bsymbolic, and all names are hidden. */
static inline void relocate_self(uintptr_t bias, const Elf64_Dyn *dynamic)
{
    uint64_t rela = 0, rela_size = 0, relr = 0, relr_size = 0, *next = NULL;
    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        if (dynamic->d_tag == DT_RELA)
            rela = dynamic->d_un.d_val;
        else if (dynamic->d_tag == DT_RELASZ)
            rela_size = dynamic->d_un.d_val;
        else if (dynamic->d_tag == DT_RELR)
            relr = dynamic->d_un.d_val;
        else if (dynamic->d_tag == DT_RELRSZ)
            relr_size = dynamic->d_un.d_val;
    }
    const uint64_t *words = (const uint64_t *)(bias + relr);
    for (; relr_size >= 8; relr_size -= 8, words++) {
        if ((*words & 1) == 0) {
            next = (uint64_t *)(bias + *words);
            *next++ += bias;
            continue;
        }
        uint64_t *word = next;
        for (uint64_t bits = *words >> 1; bits != 0; bits >>= 1, word++)
            if ((bits & 1) != 0)
                *word += bias;
        next += 63;
    }
    const Elf64_Rela *entry = (const Elf64_Rela *)(bias + rela);
    for (; rela_size >= sizeof *entry; rela_size -= sizeof *entry, entry++)
        *(uint64_t *)(bias + entry->r_offset) = bias + (uint64_t)entry->r_addend;
}

extern const Elf64_Dyn _DYNAMIC[] __attribute__((visibility("hidden")));

static void read_stack(struct start *start, uint64_t *stack)
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

/* ld.so(8), "Secure-execution mode": the variables are dropped, for children too. */
static void read_environment(struct start *start)
{
    static const char names[][16] = {"LD_LIBRARY_PATH", "LD_PRELOAD", "LD_BIND_NOW", "UEXEC_TRACE"};
    char **to = start->envp, **from;
    for (from = start->envp; *from != NULL; from++) {
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
            search_paths.library_path = value;
        else if (which == 1)
            start->preload = value;
        else if (which == 2)
            start->bind_now = true;
        else if (start->handoff == NULL && !trace_parse(value, &wrong)) /* uexec has --trace */
            system_say(
                "UEXEC_TRACE: a list of search,reloc,bind,tls,init,dl,all,json; not all of it is");
    }
    /* who looks for the auxiliary vector looks behind the first NULL */
    if (to != from)
        start_shift(start, (char *)from, (char *)to);
}

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
static struct object *object_of_header(const Elf64_Ehdr *header, const char *name)
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
static struct object *object_of_program(const struct start *start)
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
static const char *interpreter_of(const struct object *program)
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

static void check(bool done, const struct problem *problem)
{
    if (!done)
        problem_end(problem);
}

static void tell_passed_over(const struct problem *problem)
{
    char line[sizeof problem->text + TEXT_BRIEF + 64], brief[TEXT_BRIEF];
    size_t length = text_format(line, sizeof line - 1,
                                "ld-uexec.so.1: %s: LD_PRELOAD: %s: passed over",
                                text_brief(brief, object_program->name), problem->text);
    text_printable(line);
    line[length++] = '\n';
    sys_call(SYS_write, 2, line, length);
}

/* LD_PRELOAD: what cannot be loaded is told, and left out (ld.so(8)). */
static void load_preloaded(const char *list)
{
    const char *separators = rules->one_path ? " :\t\n\v\f\r" : " :";
    for (; list != NULL && *list != '\0'; list += *list != '\0') {
        struct problem problem;
        size_t length = strcspn(list, separators);
        char *name = length == 0 ? NULL : allocate(length + 1);
        struct object *object = NULL;
        if (name != NULL) {
            memcpy(name, list, length);
            /* musl's: nobody needs it, so that no list of the program serves it and its libraries
             */
            object = object_load(name, rules->one_path ? NULL : object_program, &problem);
        } else {
            problem_set(&problem, "no memory");
        }
        if (object != NULL)
            object->preloaded = true;
        else if (length > 0)
            tell_passed_over(&problem);
        release(name);
        list += length;
    }
}

static void load_all(const struct start *start, struct problem *problem)
{
    object_append(object_program);
    if (start->vdso != NULL && start->vdso->a_un.a_val != 0) {
        struct object *vdso =
            object_of_header((const Elf64_Ehdr *)start->vdso->a_un.a_val, "linux-vdso.so.1");
        check(object_decode(vdso, problem), problem);
        vdso->state = OBJECT_READY;
        object_append(vdso);
    }
    object_linker = object_of_header(&__ehdr_start, start->linker_path);
    check(object_decode(object_linker, problem), problem);
    object_linker->state = OBJECT_READY;
    if (start->list)
        object_listing = command_missing;
    load_preloaded(start->preload);
    check(object_load_needed(object_program, problem), problem);
    object_append(object_linker);
}

/* The global scope: program, preloaded, breadth first what is needed. Counts the symbols that
 * relocation will look up. */
static size_t make_scope(bool bind_now, struct problem *problem)
{
    size_t lookups = 0;
    bool made = scope_add(&scope_global, object_program);
    for (struct object *object = object_program; object != NULL; object = object_next(object))
        if (object->preloaded)
            made &= scope_add(&scope_global, object);
    made = made && object_group(object_program, &scope_global);
    for (size_t i = 0; made && i < scope_global.count; i++) {
        struct object *object = scope_global.objects[i];
        object->permanent = true;
        lookups += object->rela.count - object->relative_count;
        if (bind_now || (object->flags & DF_BIND_NOW) != 0)
            lookups += object->jump.count;
        made = object->preloaded && i > 0 ? object_group(object, &scope_global) : made;
    }
    made &= scope_add(&scope_global, object_linker);
    check(made || problem_set(problem, "no memory"), problem);
    return lookups;
}

/* The largest stack that an object asks for its threads, bytes (PT_GNU_STACK; musl's way, and that
 * of `-z stack-size`). */
static size_t stack_size(void)
{
    size_t most = 0;
    for (size_t i = 0; i < scope_global.count; i++)
        for (size_t j = 0; j < scope_global.objects[i]->phnum; j++) {
            const Elf64_Phdr *phdr = &scope_global.objects[i]->phdr[j];
            if (phdr->p_type == PT_GNU_STACK && phdr->p_memsz > most)
                most = phdr->p_memsz;
        }
    return most;
}

/* What is said of names that nothing defines: of all of them, before anything has run. */
COLD _Noreturn static void end_missing(const struct start *start, struct problem *problem)
{
    char line[sizeof problem->text + 2 * TEXT_BRIEF + 64], program[TEXT_BRIEF], other[TEXT_BRIEF];
    long failed = 0;
    if (start->again != 0) {
        if (start->verbose || trace_on(TRACE_RELOC))
            missing_all(false, problem);
        trace(TRACE_RELOC, "%s; %s, its own linker, is to link it", problem->text,
              missing_context.interpreter);
        if (start->verbose) {
            size_t length = text_format(line, sizeof line - 1,
                                        "uexec: %s: %s; so its own linker, %s, links it after all",
                                        text_brief(program, object_program->name), problem->text,
                                        text_brief(other, missing_context.interpreter));
            text_printable(line);
            line[length++] = '\n';
            sys_call(SYS_write, 2, line, length);
        }
        failed = handoff_start_again(start);
    }
    missing_all(true, problem);
    if (failed != 0) {
        text_format(other, sizeof other, "uexec cannot start again (%s)", system_error(failed));
        problem_blame(problem, other);
    }
    problem_end(problem);
}

static void link_all(const struct start *start, struct problem *problem)
{
    size_t control[2] = {64, 64}; /* without a libc: what compilers know of, and some */
    /* uexec has said that rt is to do it, and may have another way */
    bool look = start->handoff != NULL && (!start->lazy || start->bind_now);
    size_t lookups = make_scope(start->bind_now || look, problem);
    for (size_t i = 0; i < scope_global.count; i++) {
        check(version_check(scope_global.objects[i], problem), problem);
        check(tls_add(scope_global.objects[i], true, problem), problem);
    }
    check(dl_adopt(control, problem), problem);
    check(tls_start(control[0], control[1]) || problem_set(problem, "no memory"), problem);
    scope_index(&scope_global, lookups);
    if (look && !start->bind_now && missing_slots())
        end_missing(start, problem);
    for (size_t i = scope_global.count; i-- > 0;)
        if (scope_global.objects[i]->state == OBJECT_MAPPED &&
            !object_relocate(scope_global.objects[i], start->bind_now, problem)) {
            if (look && relocate_undefined)
                end_missing(start, problem);
            problem_end(problem);
        }
    for (size_t i = 0; i < scope_global.count; i++)
        tls_commit(scope_global.objects[i]);
    check(dl_adopt(NULL, problem), problem);
    size_t size = stack_size();
    if (size > 0) /* or a page of libc-min would be touched for nothing */
        dl_stack_size(size);
    check(settle_indirect(object_program, problem), problem);
}

/* Is there code at the address?  A library's entry point is 0: its ELF header, which older linkers
 * put into an executable segment. */
static bool is_code(const struct object *object, uintptr_t address)
{
    return object_has(object, address, 1, PF_X) &&
           !(object_has(object, address, SELFMAG, PF_R) &&
             memcmp((const void *)address, ELFMAG, SELFMAG) == 0);
}

struct start_end rt_start(uint64_t *stack)
{
    struct start start;
    static __attribute__((section(".bss.~problem"))) struct problem problem;

    relocate_self((uintptr_t)&__ehdr_start, _DYNAMIC);
    memset(&start, 0, sizeof start);
    read_stack(&start, stack);
    if (start.phdr == NULL || start.phnum == NULL || start.entry == NULL)
        system_die("no AT_PHDR, AT_PHNUM or AT_ENTRY in the auxiliary vector");
    bool by_hand = start.entry->a_un.a_val == (uintptr_t)_start;
    if (start.execfn != NULL)
        search_paths.program_name = (const char *)start.execfn->a_un.a_val;
    search_paths.secure = start.secure;
    read_environment(&start);
    missing_context.told = start.handoff != NULL;
    if (start.handoff != NULL)
        handoff_read(&start);
    if (by_hand) {
        start.linker_path = search_paths.program_name;
        object_program = command_start(&start);
    } else {
        object_program = object_of_program(&start);
        start.program_entry = start.entry->a_un.a_val;
        if (start.linker_path == NULL)
            start.linker_path = interpreter_of(object_program);
    }
    missing_context.interpreter = interpreter_of(object_program);
    rules_choose(missing_context.interpreter);
    if (start.rules != NULL)
        rules_named(start.rules);
    object_program->is_program = true;
    object_program->permanent = true;
    object_program->map.l_name = (char *)"";
    if (start.linker_path == NULL)
        start.linker_path = "ld-uexec.so.1";
    search_paths.linker = start.linker_path;
    open_bind_now = start.bind_now;
    search_here();
    check(object_decode(object_program, &problem) || problem_blame(&problem, object_program->name),
          &problem);

    /* a static PIE links itself: twice would be once too often */
    bool alone = object_program->needed.count == 0 && interpreter_of(object_program) == NULL;
    if (by_hand && !start.list && !is_code(object_program, start.program_entry))
        check(problem_set(&problem, "%s: its entry point 0x%lx is no code: a shared library?",
                          object_program->name, start.program_entry - object_program->bias),
              &problem);
    if (by_hand && alone && !start.list)
        return (struct start_end){start.program_entry, (uintptr_t)start.stack};
    load_all(&start, &problem);
    if (start.list)
        command_list(alone);
    init_arguments(start.argc, start.argv, start.envp);
    debug_start();
    debug_state(RT_ADD);
    link_all(&start, &problem);
    debug_state(RT_CONSISTENT);
    handoff_ready(&start);
    handoff_stop(&start);
    lock_needed();
    if (object_libc == NULL) {
        dl_construct();
        rt_exit = dl_destruct;
    }
    return (struct start_end){start.program_entry, (uintptr_t)start.stack};
}
