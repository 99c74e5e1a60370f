/* The tool's own place in the address space, and what the kernel put beside it. */
#ifndef UEXEC_SELF_H
#define UEXEC_SELF_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem;

struct self {
    /* filled by self_survey() */
    uintptr_t image;     /* where the tool's segments are now */
    size_t image_length; /* bytes, first page to last */
    bool in_reserved;    /* false: the kernel neither put it there nor could move it */
    bool untouched;      /* the kernel put it there: the mmap area holds the vDSO alone */
    uintptr_t stack_low; /* the [stack] mapping as it was at the start */
    uintptr_t stack_high;
    uintptr_t placed;     /* where the kernel put the tool's segments */
    uintptr_t vdso_elf;   /* AT_SYSINFO_EHDR: the vDSO's ELF header; 0: none */
    const char *execfn;   /* AT_EXECFN: the file that was started, the tool's or a script's */
    const uint64_t *auxv; /* the tool's own, on the initial stack */
    size_t auxv_count;    /* entries (pairs), AT_NULL included */

    /* filled by self_find_vdso(), kept true by self_renew_vdso(): the kernel's own
     * mappings, [vvar], [vvar_vclock] and [vdso], which are contiguous */
    uintptr_t vdso_start;
    size_t vdso_length; /* bytes; 0: none */
};

/* What self_move() gives start.S in two registers. */
struct self_moved {
    long distance; /* added to every address of the tool; 0: it stays */
    size_t length; /* bytes of the old place, to be unmapped */
};

/* Move the tool's mappings to the reserved range (mremap(2), MREMAP_DONTUNMAP) if the
 * kernel did not put it there.  Called by start.S before relocation and before
 * libc: uses neither.  `stack` is the initial stack (psABI 3.4.1); AT_PHDR in
 * it is corrected, because libc's start code reads it. */
struct self_moved self_move(uint64_t *stack);

/* Fill *self from the initial stack: `argv` is main's, right above argc.  false: it is not
 * as the kernel builds it, so that the [stack] mapping's end cannot be told; *problem. */
bool self_survey(struct self *self, char **argv, struct problem *problem);

/* For where there is no /proc/self/exe: AT_EXECFN, if it names the tool's own file.  NULL: it does
 * not; the kernel gives a script's name to the interpreter that the script names. */
const char *self_started_as(const char *execfn);

/* Find the kernel's own mappings around the vDSO: these, and no neighbour.  vdso_length stays 0
 * where they cannot be told. */
void self_find_vdso(struct self *self);

/* Unmap them, to be mapped anew elsewhere.  false: the kernel could not do the
 * latter, or does not allow the former (sealed system mappings); they are where
 * they were. */
bool self_drop_vdso(struct self *self);

/* Let the kernel map new ones (arch_prctl(2), ARCH_MAP_VDSO_64) where it maps them
 * in execve, by the same code.  It does not say where; `guess` is where all of
 * them start if all is as usual.  Updates *self.  false: there is no vDSO. */
bool self_renew_vdso(struct self *self, uintptr_t guess);

#endif
