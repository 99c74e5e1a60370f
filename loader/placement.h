/* Placement: the addresses that the kernel would choose in execve, and that uexec has to choose
 * itself. */
#ifndef UEXEC_PLACEMENT_H
#define UEXEC_PLACEMENT_H

#include "base/problem.h"
#include "elf/plan.h"

struct problem;
struct self;

/* Which addresses of this process are random, and the random numbers for them, all from one
 * getrandom(2). */
struct placement {
    bool randomize;       /* of the mmap area, of the stack and of a PIE's base */
    bool randomize_break; /* of the break, too (randomize_va_space is 2) */
    bool break_after_bss; /* the tool's own break is behind its bss, though it is a static PIE */
    unsigned mmap_bits;   /* of randomness in a PIE's base, in pages */
    uint64_t random_pie, random_break, random_stack;
    unsigned char random[16]; /* for AT_RANDOM */
};

/* Finds out from what the kernel did when it started the tool: without randomness, the stack ends
 * at the top of user space, and the tool's own break is where a static PIE's begins. (With
 * randomness either is so once in 2^18 runs or more, and is then a place like any other.) false: no
 * random bytes. */
bool placement_read(struct placement *place, const struct self *self, struct problem *problem);

/* The bias of a PIE: the number to add to its link-time addresses. */
uint64_t placement_pie(const struct placement *place, const struct plan *plan);

/* The start of the break for a program mapped with `bias`. A program that the kernel maps by mmap
 * (a static PIE) gets a break away from the mmap area, unless the tool's own, a static PIE too, is
 * right above its bss (break_after_bss). */
uint64_t placement_break(const struct placement *place, const struct plan *plan, uint64_t bias);

/* The bytes between the strings and what lies below them on the stack: 0 to 8191, so that processes
 * use different cache lines; 0 without randomness. */
uint64_t place_stack_fill(const struct placement *place);

#endif
