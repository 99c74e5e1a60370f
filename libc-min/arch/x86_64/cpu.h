/* Features of the CPU beyond the baseline of x86-64, detected when the detection pays.
 *
 * CPUID stops a virtual machine for microseconds each time (4 us, three times, on the machine where
 * the code was written), longer than a small program's whole start. So functions begin with SSE2,
 * and report how many bytes they worked on. When wider instructions would have saved the cost of
 * CPUID, the CPU's features are detected. The result is in a plain variable, not in function
 * pointers: so it is valid before relocation, in a signal handler, and when two threads detect at
 * the same time.
 *
 * Assembly includes the file too, for the bits. */
#ifndef LIBC_CPU_H
#define LIBC_CPU_H

#define CPU_KNOWN 1 /* the other bits mean something */
#define CPU_AVX2  2 /* AVX2, BMI1 and BMI2, and the kernel saves their registers */
#define CPU_EVEX  4 /* AVX-512 F, VL and BW, as for CPU_AVX2; implies CPU_AVX2 */
#define CPU_REP   8 /* rep movsb and rep stosb are fast from some KiB up (ERMS, FSRM) */
#define CPU_REP_NEAR                                                                               \
    16 /* rep movsb even when it reads less than 64 bytes ahead of where it writes */

#ifndef __ASSEMBLER__

#include "alias.h"
#include <stddef.h>

/* CPU_*; 0 until the detection. Tests set it. */
extern HIDDEN unsigned __cpu_features;

HIDDEN void __cpu_consider(size_t bytes);

static inline int cpu_has(unsigned feature)
{
    return (__atomic_load_n(&__cpu_features, __ATOMIC_RELAXED) & feature) != 0;
}

/* Reports that the baseline's instructions worked on so many bytes. */
static inline void cpu_worked(size_t bytes)
{
    if (!cpu_has(CPU_KNOWN))
        __cpu_consider(bytes);
}

#endif
#endif
