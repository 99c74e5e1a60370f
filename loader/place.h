/* Where things go: the kernel's choices that it does not make for us. */
#ifndef UEXEC_PLACE_H
#define UEXEC_PLACE_H

#include "base/problem.h"
#include "elf/plan.h"

struct problem;
struct self;

/* What of the address space is random in this process, and the random numbers
 * for it, all from one getrandom(2). */
struct place {
    bool randomize;       /* the mmap area, the stack and a PIE's base */
    bool randomize_break; /* the break too (randomize_va_space is 2) */
    bool break_after_bss; /* the tool's own break is there, though it is a static PIE */
    unsigned mmap_bits;   /* of randomness in a PIE's base, in pages */
    uint64_t random_pie, random_break, random_stack;
    unsigned char random[16]; /* for AT_RANDOM */
};

/* Find it out from what the kernel did to this process when it started the tool:
 * the stack ends at the top of user space only without randomness, and the
 * tool's own break is where a static PIE's begins only without its randomness.
 * (With it, either happens once in 2^18 runs or more, and is then a place like
 * any other.)  false: no random bytes to be had. */
bool place_read(struct place *place, const struct self *self, struct problem *problem);

/* The bias of a PIE: what is added to its link-time addresses. */
uint64_t place_pie(const struct place *place, const struct plan *plan);

/* The start of the break for a program mapped with `bias`.  A program that the
 * kernel would map by mmap (static PIE) gets it away from the mmap area. */
uint64_t place_break(const struct place *place, const struct plan *plan, uint64_t bias);

/* How far the stack's tables are moved down: 0 to 8191 bytes, for the caches'
 * sake; 0 without randomness. */
uint64_t place_stack_fill(const struct place *place);

#endif
