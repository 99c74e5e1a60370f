#include "stack.h"

#include "base/problem.h"
#include "handoff.h"
#include "machine.h"

#include <elf.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's limits on what execve takes, bytes. */
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

/* Copies the strings to `to`, which will be at `address`, and their addresses to `pointers`. */
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

/* AT_PLATFORM of the tool's auxv, a string; NULL: it has no such entry. */
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
        /* without a vDSO the kernel makes no such entry: readers skip AT_IGNORE */
        if (auxv[2 * i] == AT_SYSINFO_EHDR && values->vdso == 0)
            auxv[2 * i] = AT_IGNORE;
    }
}

/* Puts the hand-off's entry before AT_NULL. stack->auxv becomes a copy without that entry, for
 * PR_SET_MM_MAP: /proc/PID/auxv then shows what execve shows, and the kernel's copy has room for
 * only a few more entries. */
static bool add_handoff(struct stack *stack, uintptr_t address, struct problem *problem)
{
    uint64_t *copy = malloc(stack->auxv_bytes + 2 * sizeof *copy); /* as long as the other */
    if (copy == NULL)
        return problem_set(problem, "no memory for an auxiliary vector");
    memcpy(copy, stack->auxv, stack->auxv_bytes);
    uint64_t *last = stack->auxv + stack->auxv_bytes / sizeof *last - 2;
    memcpy(last, (const uint64_t[]){AT_UEXEC, address, AT_NULL, 0}, 4 * sizeof *last);
    stack->auxv = copy;
    return true;
}

/* execve(2), "Limits on size of arguments and environment": a quarter of RLIMIT_STACK, within
 * bounds. */
static bool within_limit(const struct stack_request *request, const struct strings *arguments,
                         const struct strings *environment, struct problem *problem)
{
    uint64_t allowed = request->limit / 4;
    allowed = allowed > TOTAL_CEILING ? TOTAL_CEILING : allowed;
    allowed = allowed < TOTAL_FLOOR ? TOTAL_FLOOR : allowed;
    uint64_t asked = arguments->bytes + environment->bytes + strlen(request->execfn) + 1 +
                     (arguments->count + environment->count) * sizeof(uint64_t);
    return asked <= allowed || problem_set(problem,
                                           "arguments and environment are too long (%" PRIu64
                                           " bytes, %" PRIu64 " at the most)",
                                           asked, allowed);
}

/* Addresses of what lies between the auxiliary vector and the strings, and above these. */
struct places {
    uintptr_t execfn, platform, random, handoff;
};

/* Gives everything its address, from the top down. Fills all of *stack but the image, auxv and
 * handoff. */
static struct places place(struct stack *stack, const struct stack_request *request,
                           const struct strings *arguments, const struct strings *environment)
{
    const char *platform_name = find_platform(request);
    /* 8 bytes of zeroes, the file's name, the environment's strings, the arguments' */
    uintptr_t execfn = request->high - sizeof(uint64_t) - (strlen(request->execfn) + 1);
    stack->env_end = execfn;
    stack->env_start = stack->arg_end = execfn - environment->bytes;
    stack->arg_start = stack->arg_end - arguments->bytes;
    /* the fill, the platform's name, the random bytes */
    uintptr_t platform = ((stack->arg_start - request->fill) & ~15ul) -
                         (platform_name == NULL ? 0 : strlen(platform_name) + 1);
    uintptr_t random = platform - STACK_RANDOM;
    uintptr_t handoff = random - request->handoff_room;
    /* argc, argv, envp and auxv; all rounding is below the random bytes */
    size_t words = 1 + arguments->count + 1 + environment->count + 1 +
                   (request->handoff_room == 0 ? 0 : 2);
    stack->auxv_bytes = request->auxv_count * 2 * sizeof(uint64_t);
    stack->sp = (handoff - stack->auxv_bytes - words * sizeof(uint64_t)) & ~15ul;
    stack->bytes = request->high - stack->sp;

    /* Quirk (kernel): the mapping reaches 128 KiB below the strings' first
     * page, or as far as the limit allows. */
    uintptr_t strings = stack->arg_start & ~(ARCH_PAGE - 1);
    uint64_t limit = request->limit & ~(ARCH_PAGE - 1);
    stack->low = request->high - strings + STACK_EXPAND > limit ? request->high - limit
                                                                : strings - STACK_EXPAND;
    return (struct places){execfn, platform, random, handoff};
}

/* Where in the image the byte is that belongs at `address`. */
static unsigned char *at(const struct stack *stack, uintptr_t address)
{
    return stack->image + (address - stack->sp);
}

/* Writes the image, but for the hand-off and its entry. */
static void fill(struct stack *stack, const struct stack_request *request,
                 const struct strings *arguments, const struct strings *environment,
                 const struct places *places)
{
    size_t argc = arguments->count;
    uint64_t *argv = (uint64_t *)stack->image + 1, *envp = argv + argc + 1;
    const char *platform_name = find_platform(request);
    argv[-1] = argc;
    copy_strings(arguments, at(stack, stack->arg_start), stack->arg_start, argv);
    copy_strings(environment, at(stack, stack->env_start), stack->env_start, envp);
    memcpy(at(stack, places->execfn), request->execfn, strlen(request->execfn) + 1);
    if (platform_name != NULL)
        memcpy(at(stack, places->platform), platform_name, strlen(platform_name) + 1);
    memcpy(at(stack, places->random), request->random, STACK_RANDOM);
    stack->auxv = envp + environment->count + 1;
    const struct values values = {
        .phdr = request->phdr,
        .phent = sizeof(Elf64_Phdr),
        .phnum = request->phnum,
        .base = request->base,
        .flags = 0,
        .entry = request->entry,
        .vdso = request->vdso,
        .secure = request->secure,
        .execfn = places->execfn,
        .random = places->random,
        .platform = places->platform,
    };
    fill_auxv(stack->auxv, request, &values);
}

bool stack_build(struct stack *stack, const struct stack_request *request, struct problem *problem)
{
    struct strings arguments, environment;
    if (!measure(&arguments, request->argv, "argument", problem) ||
        !measure(&environment, request->envp, "environment string", problem) ||
        !within_limit(request, &arguments, &environment, problem))
        return false;
    const struct places places = place(stack, request, &arguments, &environment);
    unsigned char *block = calloc(1, STACK_HEADROOM + stack->bytes);
    if (block == NULL)
        return problem_set(problem, "no memory for a stack of %zu bytes", stack->bytes);
    stack->image = block + STACK_HEADROOM;
    fill(stack, request, &arguments, &environment, &places);
    stack->handoff = NULL;
    if (request->handoff_room == 0)
        return true;
    stack->handoff = (char *)at(stack, places.handoff);
    return add_handoff(stack, places.handoff, problem);
}
