/* The initial process stack (psABI 3.4.1), laid out byte for byte as the kernel
 * lays it out. */
#ifndef UEXEC_STACK_H
#define UEXEC_STACK_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem;

/* The kernel lets the [stack] mapping begin this far below the strings' page, bytes. */
#define STACK_EXPAND (128 * 1024ul)

/* Bytes that AT_RANDOM points to (getauxval(3)). */
#define STACK_RANDOM 16

/* The contents. */
struct stack_request {
    char **argv, **envp;         /* NULL at the end */
    const char *execfn;          /* AT_EXECFN */
    const uint64_t *auxv;        /* the tool's own, pairs, AT_NULL last: the kernel's entries */
    size_t auxv_count;           /* pairs, AT_NULL included */
    uintptr_t high;              /* end of the [stack] mapping */
    uint64_t fill;               /* place_stack_fill() */
    uint64_t limit;              /* RLIMIT_STACK, bytes */
    const unsigned char *random; /* STACK_RANDOM fresh bytes, for AT_RANDOM */
    size_t handoff_room;         /* bytes for the hand-off to rt (handoff.h); 0: no hand-off */

    /* the values of auxv entries that describe the program */
    uint64_t phdr, phnum, base, entry, vdso, secure;
};

/* Room before a stack's image, for what the hand-over copies below it (handover_low()), bytes. */
#define STACK_HEADROOM 512

/* The result: `bytes` bytes at `image` belong at address `sp`, and end at the
 * end of the mapping. */
struct stack {
    unsigned char *image; /* STACK_HEADROOM bytes into a block from malloc */
    size_t bytes;
    uintptr_t sp; /* of argc: the stack pointer at entry, 16-byte aligned */
    uintptr_t arg_start, arg_end, env_start, env_end; /* as in /proc/PID/stat */
    uint64_t *auxv;    /* for PR_SET_MM_MAP: without the hand-off's entry */
    size_t auxv_bytes; /* of auxv, AT_NULL included */
    char *handoff;     /* inside image, zeroes so far; NULL: no hand-off */
    uintptr_t low;     /* where the [stack] mapping starts after execve */
};

/* Builds the stack.  AT_PHDR, AT_PHENT, AT_PHNUM, AT_BASE, AT_ENTRY, AT_FLAGS,
 * AT_SYSINFO_EHDR, AT_SECURE, AT_EXECFN, AT_RANDOM (16 fresh bytes) and AT_PLATFORM get
 * new values; every other entry of the tool's auxv stays as it is, in its place.
 * The hand-off lies below the random bytes, and its entry is the last before AT_NULL: nothing
 * above moves because of it.
 * false: the strings are longer than execve allows (E2BIG), or no memory is left. */
bool stack_build(struct stack *stack, const struct stack_request *request, struct problem *problem);

#endif
