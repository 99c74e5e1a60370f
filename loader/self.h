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
    bool in_reserved;    /* false: the kernel neither put it there nor was able to move it */
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

/* Moves the tool's mappings to the reserved range (mremap(2), MREMAP_DONTUNMAP) if the kernel did
 * not put the tool there. start.S calls it before relocation and before libc, so it uses neither.
 * `stack` is the initial stack (psABI 3.4.1), in which it corrects AT_PHDR, because libc's start
 * code reads that. */
struct self_moved self_move(uint64_t *stack);

/* Fills *self from the initial stack: `argv` is main's, right above argc. false: the kernel did not
 * build that stack, so the end of the [stack] mapping is not known; *problem. */
bool self_survey(struct self *self, char **argv, struct problem *problem);

/* The tool's file where /proc/self/exe is missing: `execfn` (AT_EXECFN), if it names an ELF file.
 * NULL: it names a script, whose interpreter the tool is, or cannot be read. */
const char *self_started_as(const char *execfn);

/* Finds the kernel's own mappings around the vDSO, and no neighbour of them. vdso_length stays 0
 * where it cannot find them. */
void self_find_vdso(struct self *self);

/* Unmaps them, for self_renew_vdso(). false: the kernel cannot map new ones, or does not allow the
 * unmapping (sealed system mappings); the mappings are where they were. */
bool self_drop_vdso(struct self *self);

/* Has the kernel map new ones (arch_prctl(2), ARCH_MAP_VDSO_64); the same code of the kernel maps
 * them in execve, so they get the same place. The kernel does not return the address: `guess` is
 * their usual start. Updates *self. false: no vDSO, or it is not where this function looks. */
bool self_renew_vdso(struct self *self, uintptr_t guess);

#endif
