/* What the CPU has beyond the baseline of x86-64, found when it has become worth knowing.
 *
 * CPUID stops a virtual machine, for microseconds each time (4 us, three times, where this was
 * written), which is longer than a small program's whole start-up. So functions begin with SSE2
 * and report how many bytes they worked on; once that is so much that the wider instructions would
 * have paid for the question, it is asked.  A plain variable, no function pointers: right before
 * relocation, in a signal handler, and when two threads ask at the same time.
 *
 * Included by assembly too, for the bits. */
#ifndef LIBC_CPU_H
#define LIBC_CPU_H

#define CPU_KNOWN 1 /* the other bits mean something */
#define CPU_AVX2  2 /* AVX2, BMI1 and BMI2, and the kernel saves their registers */
#define CPU_EVEX  4 /* AVX-512 F, VL and BW, likewise; then CPU_AVX2 too */
#define CPU_REP   8 /* rep movsb and rep stosb are fast from some KiB up (ERMS, FSRM) */
#define CPU_REP_NEAR                                                                               \
    16 /* rep movsb even when it reads less than 64 bytes ahead of where it writes */

#ifndef __ASSEMBLER__

#include "alias.h"
#include <stddef.h>

/* CPU_*; 0 until it is known. Tests set it. */
extern HIDDEN unsigned __cpu_features;

HIDDEN void __cpu_consider(size_t bytes);

static inline int cpu_has(unsigned feature)
{
    return (__atomic_load_n(&__cpu_features, __ATOMIC_RELAXED) & feature) != 0;
}

/* Work on so many bytes was done by the baseline's instructions. */
static inline void cpu_worked(size_t bytes)
{
    if (!cpu_has(CPU_KNOWN))
        __cpu_consider(bytes);
}

#endif
#endif
