/* From the first instruction to the program's, in this order:
 *  1. rt relocates itself              (before it nothing may use an address that is stored)
 *  2. the stack: what is asked for, and whether rt was started by hand
 *  3. the list: program, vDSO, preloaded libraries, all that is needed, rt
 *  4. versions; thread-local modules get their places; the first thread's block
 *                                      (5 needs the offsets; resolvers of 5 the thread pointer)
 *  5. relocation, last loaded first    (the program last, because it copies data of the others)
 *  6. first contents of thread-local blocks, which 5 may have relocated
 *  7. libc-min's table of the linker, and what it needs of the process
 *  8. ifuncs                           (their resolvers may use all of the above)
 *  9. debuggers and uexec --maps may look
 * 10. constructors, unless libc-min's start runs them, and the program
 */
#include "allocate.h"
#include "base/handoff.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "binding.h"
#include "client.h"
#include "debug.h"
#include "decode.h"
#include "dl.h"
#include "end.h"
#include "fixed.h"
#include "ifunc.h"
#include "init.h"
#include "lazy.h"
#include "load.h"
#include "lock.h"
#include "lookup.h"
#include "missing.h"
#include "open.h"
#include "placement.h"
#include "present.h"
#include "relocate.h"
#include "rules.h"
#include "search.h"
#include "start.h"
#include "system.h"
#include "tls.h"
#include "trace.h"
#include "version.h"

#include <string.h>
#include <sys/mman.h>

extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

/* Where start.S jumps, and with which stack pointer. */
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
                                text_brief(brief, fixed.program->name), problem->text);
    text_printable(line);
    line[length++] = '\n';
    sys_call(SYS_write, 2, line, length);
}

/* LD_PRELOAD: a library that cannot be loaded is reported and left out (ld.so(8)). */
static void load_preloaded(const char *list)
{
    const char *separators = fixed.rules->one_path ? " :\t\n\v\f\r" : " :";
    for (; list != NULL && *list != '\0'; list += *list != '\0') {
        struct problem problem;
        size_t length = strcspn(list, separators);
        char *name = length == 0 ? NULL : allocate(length + 1);
        struct object *object = NULL;
        if (name != NULL) {
            memcpy(name, list, length);
            /* musl's: no object needs it, so that no RUNPATH of the program serves it and its
             * libraries */
            object =
                object_load(name, fixed.rules->one_path ? NULL : fixed.program, "needed", &problem);
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
    object_append(fixed.program);
    if (start->vdso != NULL && start->vdso->a_un.a_val != 0) {
        struct object *vdso =
            present_of_header((const Elf64_Ehdr *)start->vdso->a_un.a_val, "linux-vdso.so.1");
        check(object_decode(vdso, problem), problem);
        vdso->state = OBJECT_READY;
        object_append(vdso);
    }
    fixed.linker = present_of_header(&__ehdr_start, start->linker_path);
    check(object_decode(fixed.linker, problem), problem);
    fixed.linker->state = OBJECT_READY;
    if (start->list)
        object_listing = command_missing;
    load_preloaded(start->preload);
    check(object_load_needed(fixed.program, problem), problem);
    object_append(fixed.linker);
}

/* Makes the global scope: the program, preloaded objects, then dependencies breadth first. Returns
 * the number of symbols that relocation will look up. */
static size_t make_scope(bool bind_now, struct problem *problem)
{
    size_t lookups = 0;
    bool made = scope_add(&scope_global, fixed.program);
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        if (object->preloaded)
            made &= scope_add(&scope_global, object);
    made = made && object_group(fixed.program, &scope_global);
    for (size_t i = 0; made && i < scope_global.count; i++) {
        struct object *object = scope_global.objects[i];
        object->permanent = true;
        lookups += object->rela.count - object->relative_count;
        if (bind_now || (object->flags & DF_BIND_NOW) != 0)
            lookups += object->jump.count;
        made = object->preloaded && i > 0 ? object_group(object, &scope_global) : made;
    }
    made &= scope_add(&scope_global, fixed.linker);
    check(made || problem_set(problem, "no memory"), problem);
    return lookups;
}

/* The largest thread stack that an object asks for, bytes: p_memsz of PT_GNU_STACK, as `-z
 * stack-size` sets it (musl). */
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

/* Reports all undefined names before anything has run, or lets another linker have the program. */
COLD _Noreturn static void end_missing(const struct start *start, struct problem *problem)
{
    char line[sizeof problem->text + 2 * TEXT_BRIEF + 64], program[TEXT_BRIEF], other[TEXT_BRIEF];
    long failed = 0;
    if (start->again != 0) {
        if (start->verbose || trace_on(TRACE_RELOC))
            missing_all(false, problem);
        trace(TRACE_RELOC, "other-linker", (FIELD_TEXT("linker", fixed.interpreter)),
              "%s; %s, its own linker, is to link it", problem->text, fixed.interpreter);
        if (start->verbose) {
            size_t length = text_format(line, sizeof line - 1,
                                        "uexec: %s: %s; so its own linker, %s, links it after all",
                                        text_brief(program, fixed.program->name), problem->text,
                                        text_brief(other, fixed.interpreter));
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
    size_t control[2] = {64, 64}; /* without a libc: room for what compilers use, and some more */
    /* uexec has chosen rt, and may choose another linker */
    bool look = start->handoff != NULL && (!start->lazy || start->bind_now);
    size_t lookups = make_scope(start->bind_now || look, problem);
    for (size_t i = 0; i < scope_global.count; i++) {
        check(version_check(scope_global.objects[i], problem), problem);
        check(tls_add(scope_global.objects[i], true, problem), problem);
    }
    check(client_read(control, problem), problem);
    check(tls_start(control[0], control[1]) || problem_set(problem, "no memory"), problem);
    scope_index(&scope_global, lookups);
    if (look && !start->bind_now && missing_slots())
        end_missing(start, problem);
    for (size_t i = scope_global.count; i-- > 0;)
        if (scope_global.objects[i]->state == OBJECT_MAPPED &&
            !object_relocate(scope_global.objects[i], start->bind_now, problem)) {
            if (look && binding_missed)
                end_missing(start, problem);
            problem_end(problem);
        }
    for (size_t i = 0; i < scope_global.count; i++)
        tls_commit(scope_global.objects[i]);
    check(client_adopt(problem), problem);
    size_t size = stack_size();
    if (size > 0) /* else a page of libc-min would be touched for nothing */
        client_stack_size(size);
    check(ifunc_settle(fixed.program, problem), problem);
}

/* Is there code at the address? A library's entry point is 0, which is its ELF header, and older
 * linkers put the header into an executable segment. */
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

    /* a write before any read of the page: one page fault, not two */
    ((volatile struct fixed *)&fixed)->told = false;
    relocate_self((uintptr_t)&__ehdr_start, _DYNAMIC);
    fixed.table = &dl_table;
    trace_state.output = 2;
    memset(&start, 0, sizeof start);
    start_read_stack(&start, stack);
    if (start.phdr == NULL || start.phnum == NULL || start.entry == NULL)
        system_die("no AT_PHDR, AT_PHNUM or AT_ENTRY in the auxiliary vector");
    bool by_hand = start.entry->a_un.a_val == (uintptr_t)&__ehdr_start + __ehdr_start.e_entry;
    if (start.execfn != NULL)
        fixed.search.program_name = (const char *)start.execfn->a_un.a_val;
    fixed.search.secure = start.secure;
    start_read_environment(&start);
    fixed.told = start.handoff != NULL;
    if (start.handoff != NULL)
        handoff_read(&start);
    if (by_hand) {
        start.linker_path = fixed.search.program_name;
        fixed.program = command_start(&start);
    } else {
        fixed.program = present_program(&start);
        start.program_entry = start.entry->a_un.a_val;
        if (start.linker_path == NULL)
            start.linker_path = present_interpreter(fixed.program);
    }
    fixed.interpreter = present_interpreter(fixed.program);
    rules_choose(fixed.interpreter);
    if (start.rules != NULL)
        rules_named(start.rules);
    fixed.program->is_program = true;
    fixed.program->permanent = true;
    fixed.program->map.l_name = (char *)"";
    if (start.linker_path == NULL)
        start.linker_path = "ld-uexec.so.1";
    fixed.search.linker = start.linker_path;
    fixed.bind_now = start.bind_now;
    search_here();
    check(object_decode(fixed.program, &problem) || problem_blame(&problem, fixed.program->name),
          &problem);

    /* a static PIE relocates itself, and must not be relocated twice */
    bool alone = fixed.program->needed.count == 0 && present_interpreter(fixed.program) == NULL;
    if (by_hand && !start.list && !is_code(fixed.program, start.program_entry))
        check(problem_set(&problem, "%s: its entry point 0x%lx is no code: a shared library?",
                          fixed.program->name, start.program_entry - fixed.program->bias),
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
    check(fixed_close(&problem) || problem_blame(&problem, start.linker_path), &problem);
    handoff_ready(&start);
    handoff_stop(&start);
    lock_needed();
    if (fixed.libc == NULL) {
        init_all();
        rt_exit = fini_process;
    }
    return (struct start_end){start.program_entry, (uintptr_t)start.stack};
}
