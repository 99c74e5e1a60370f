/* The tool's own place in the address space, and what the kernel put beside it. */
#ifndef UEXEC_SELF_H
#define UEXEC_SELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem;

/* One of the mappings the kernel makes itself ([vvar], [vvar_vclock], [vdso]). */
struct self_mapping {
    uintptr_t start;
    size_t length; /* bytes */
};

struct self {
    /* filled by self_survey() */
    uintptr_t image;      /* where the tool's segments are now */
    size_t image_length;  /* bytes, first page to last */
    bool moved;           /* false: the kernel could not move it to the zone */
    uintptr_t stack_low;  /* the [stack] mapping, all of it */
    uintptr_t stack_high;
    struct self_mapping vdso[4]; /* in address order, contiguous */
    size_t vdso_count;
    size_t vdso_length;      /* of all together, bytes */
    uintptr_t vdso_elf;      /* AT_SYSINFO_EHDR: where among them its ELF header is; 0: none */
    const uint64_t *auxv;    /* the tool's own, on the initial stack */
    size_t auxv_count;       /* entries (pairs), AT_NULL included */
};

/* What self_move() gives start.S in two registers. */
struct self_moved {
    long distance; /* added to every address of the tool; 0: it stays */
    size_t length; /* bytes of the old place, to be unmapped */
};

/* Move the tool's mappings to the zone (mremap(2), MREMAP_DONTUNMAP).  Called
 * by start.S before relocation and before libc: uses neither.  `stack` is the
 * initial stack (psABI 3.4.1); AT_PHDR in it is corrected, because libc's
 * start code reads it. */
struct self_moved self_move(uint64_t *stack);

/* Read /proc/self/maps once and fill *self.  false: /proc is missing or odd. */
bool self_survey(struct self *self, char **envp, struct problem *problem);

/* Move the vDSO and its data to `address`; updates the addresses in *self.
 * false: the kernel refuses (sealed system mappings); nothing has moved. */
bool self_move_vdso(struct self *self, uintptr_t address);

#endif
