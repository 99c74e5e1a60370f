/* Where things go: the kernel's choices that it does not make for us. */
#ifndef UEXEC_PLACE_H
#define UEXEC_PLACE_H

#include "plan.h"

/* What of the address space is random in this process. */
struct place {
    bool randomize;       /* the mmap area, the stack and a PIE's base */
    bool randomize_break; /* the break too (randomize_va_space is 2) */
    unsigned mmap_bits;   /* of randomness in a PIE's base, in pages */
};

/* Find it out: personality(2) and /proc/sys/kernel/randomize_va_space (proc(5)).
 * Where vm.mmap_rnd_bits may not be read (it is root's), it is the default, 28. */
void place_read(struct place *place);

/* The bias of a PIE: what is added to its link-time addresses. */
uint64_t place_pie(const struct place *place, const struct plan *plan);

/* The start of the break for a program mapped with `bias`.  A program that the
 * kernel would map by mmap (static PIE) gets it away from the mmap area. */
uint64_t place_break(const struct place *place, const struct plan *plan, uint64_t bias);

/* How far the stack's tables are moved down: 0 to 8191 bytes, for the caches'
 * sake; 0 without randomness. */
uint64_t place_stack_fill(const struct place *place);

#endif
