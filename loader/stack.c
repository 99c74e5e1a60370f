#include "stack.h"

#include "base/problem.h"
#include "handoff.h"
#include "machine.h"

#include <elf.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's limits on what execve takes (execve(2), "Limits on size of
 * arguments and environment"). */
enum {
    STRING_LIMIT = 32 * ARCH_PAGE,   /* one string, its NUL included */
    TOTAL_FLOOR = 32 * ARCH_PAGE,    /* all of them may take at least this */
    TOTAL_CEILING = 6 * 1024 * 1024, /* and never more: 3/4 of the default stack limit */
};

/* argv or envp, measured. */
struct strings {
    char **vector;
    size_t count;
    size_t bytes;    /* of all strings, NULs included */
    size_t *lengths; /* of each, its NUL included; from malloc */
};

static bool measure(struct strings *strings, char **vector, const char *what,
                    struct problem *problem)
{
    *strings = (struct strings){.vector = vector};
    while (vector[strings->count] != NULL)
        strings->count++;
    strings->lengths = calloc(strings->count + 1, sizeof *strings->lengths);
    if (strings->lengths == NULL)
        return problem_set(problem, "no memory for %zu strings", strings->count);
    for (size_t i = 0; i < strings->count; i++) {
        size_t length = strlen(vector[i]) + 1;
        if (length > STRING_LIMIT)
            return problem_set(problem, "%s %zu is too long (%zu bytes, %lu at the most)", what, i,
                               length, STRING_LIMIT + 0ul);
        strings->lengths[i] = length;
        strings->bytes += length;
    }
    return true;
}

/* Copy the strings to `to`, which will be at `address`, and their addresses to
 * `pointers`. */
static void copy_strings(const struct strings *strings, unsigned char *to, uintptr_t address,
                         uint64_t *pointers)
{
    for (size_t i = 0; i < strings->count; i++) {
        memcpy(to, strings->vector[i], strings->lengths[i]);
        pointers[i] = address;
        to += strings->lengths[i];
        address += strings->lengths[i];
    }
}

/* An entry of the tool's auxv that is a string, AT_PLATFORM; NULL: none. */
static const char *find_platform(const struct stack_request *request)
{
    for (size_t i = 0; i < request->auxv_count; i++) {
        if (request->auxv[2 * i] == AT_PLATFORM)
            return (const char *)request->auxv[2 * i + 1];
    }
    return NULL;
}

/* The entries that are made anew; every other passes through. */
struct values {
    uint64_t phdr, phent, phnum, base, flags, entry, vdso, secure, execfn, random, platform;
};

static const struct {
    uint8_t type;
    uint8_t offset; /* in struct values */
} made_anew[] = {
    {AT_PHDR, offsetof(struct values, phdr)},         {AT_PHENT, offsetof(struct values, phent)},
    {AT_PHNUM, offsetof(struct values, phnum)},       {AT_BASE, offsetof(struct values, base)},
    {AT_FLAGS, offsetof(struct values, flags)},       {AT_ENTRY, offsetof(struct values, entry)},
    {AT_SYSINFO_EHDR, offsetof(struct values, vdso)}, {AT_SECURE, offsetof(struct values, secure)},
    {AT_EXECFN, offsetof(struct values, execfn)},     {AT_RANDOM, offsetof(struct values, random)},
    {AT_PLATFORM, offsetof(struct values, platform)},
};

static void fill_auxv(uint64_t *auxv, const struct stack_request *request,
                      const struct values *values)
{
    memcpy(auxv, request->auxv, request->auxv_count * 2 * sizeof *auxv);
    for (size_t i = 0; i < request->auxv_count; i++) {
        for (size_t j = 0; j < sizeof made_anew / sizeof *made_anew; j++) {
            if (auxv[2 * i] == made_anew[j].type)
                memcpy(&auxv[2 * i + 1], (const char *)values + made_anew[j].offset, sizeof *auxv);
        }
        /* without a vDSO the kernel makes no such entry: this one is to be passed over */
        if (auxv[2 * i] == AT_SYSINFO_EHDR && values->vdso == 0)
            auxv[2 * i] = AT_IGNORE;
    }
}

/* Put the hand-off's entry before AT_NULL.  The kernel is told of the vector without it:
 * /proc/PID/auxv stays what execve makes it, and the kernel's copy has room for a
 * few more entries only. */
static bool add_handoff(struct stack *stack, uintptr_t address, struct problem *problem)
{
    uint64_t *told = malloc(stack->auxv_bytes + 2 * sizeof *told); /* as long as the other */
    if (told == NULL)
        return problem_set(problem, "no memory for an auxiliary vector");
    memcpy(told, stack->auxv, stack->auxv_bytes);
    uint64_t *last = stack->auxv + stack->auxv_bytes / sizeof *last - 2;
    memcpy(last, (const uint64_t[]){AT_UEXEC, address, AT_NULL, 0}, 4 * sizeof *last);
    stack->auxv = told;
    return true;
}

bool stack_build(struct stack *stack, const struct stack_request *request, struct problem *problem)
{
    struct strings arguments, environment;
    const char *platform_name = find_platform(request);
    size_t platform_bytes = platform_name == NULL ? 0 : strlen(platform_name) + 1;
    size_t execfn_bytes = strlen(request->execfn) + 1;
    if (!measure(&arguments, request->argv, "argument", problem) ||
        !measure(&environment, request->envp, "environment string", problem))
        return false;
    size_t argc = arguments.count, envc = environment.count;
    uint64_t allowed = request->limit / 4;
    allowed = allowed > TOTAL_CEILING ? TOTAL_CEILING : allowed;
    allowed = allowed < TOTAL_FLOOR ? TOTAL_FLOOR : allowed;
    uint64_t asked = arguments.bytes + environment.bytes + execfn_bytes +
                     (argc + envc) * sizeof(uint64_t);
    if (asked > allowed)
        return problem_set(problem,
                           "arguments and environment are too long (%" PRIu64 " bytes, %" PRIu64
                           " at the most)",
                           asked, allowed);

    /* from the top down: 8 bytes of zeroes, the file's name, the environment's
     * strings, the arguments' */
    uintptr_t execfn = request->high - sizeof(uint64_t) - execfn_bytes;
    stack->env_end = execfn;
    stack->env_start = stack->arg_end = execfn - environment.bytes;
    stack->arg_start = stack->arg_end - arguments.bytes;
    /* the fill, the platform's name, the random bytes */
    uintptr_t platform = ((stack->arg_start - request->fill) & ~15ul) - platform_bytes;
    uintptr_t random = platform - STACK_RANDOM;
    uintptr_t handoff = random - request->handoff_room;
    /* argc, argv, envp and auxv; all rounding is below the random bytes */
    size_t words = 1 + argc + 1 + envc + 1 + (request->handoff_room == 0 ? 0 : 2);
    stack->auxv_bytes = request->auxv_count * 2 * sizeof(uint64_t);
    stack->sp = (handoff - stack->auxv_bytes - words * sizeof(uint64_t)) & ~15ul;
    stack->bytes = request->high - stack->sp;

    /* Quirk (kernel): the mapping reaches 128 KiB below the strings' first
     * page, or as far as the limit allows. */
    uintptr_t strings = stack->arg_start & ~(ARCH_PAGE - 1);
    uint64_t limit = request->limit & ~(ARCH_PAGE - 1);
    stack->low = request->high - strings + STACK_EXPAND > limit ? request->high - limit
                                                                : strings - STACK_EXPAND;

    unsigned char *block = calloc(1, STACK_HEADROOM + stack->bytes);
    if (block == NULL)
        return problem_set(problem, "no memory for a stack of %zu bytes", stack->bytes);
    stack->image = block + STACK_HEADROOM;
#define AT(address) (stack->image + ((address)-stack->sp))
    uint64_t *argv = (uint64_t *)stack->image + 1, *envp = argv + argc + 1;
    argv[-1] = argc;
    copy_strings(&arguments, AT(stack->arg_start), stack->arg_start, argv);
    copy_strings(&environment, AT(stack->env_start), stack->env_start, envp);
    memcpy(AT(execfn), request->execfn, execfn_bytes);
    if (platform_name != NULL)
        memcpy(AT(platform), platform_name, platform_bytes);
    memcpy(AT(random), request->random, STACK_RANDOM);
    stack->auxv = envp + envc + 1;
    const struct values values = {
        .phdr = request->phdr,
        .phent = sizeof(Elf64_Phdr),
        .phnum = request->phnum,
        .base = request->base,
        .flags = 0,
        .entry = request->entry,
        .vdso = request->vdso,
        .secure = request->secure,
        .execfn = execfn,
        .random = random,
        .platform = platform,
    };
    fill_auxv(stack->auxv, request, &values);
    stack->handoff = NULL;
    if (request->handoff_room != 0) {
        stack->handoff = (char *)AT(handoff);
        return add_handoff(stack, handoff, problem);
    }
#undef AT
    return true;
}
