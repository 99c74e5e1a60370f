/* Pauses a spin loop for so many turns. */
#ifndef LIBC_CPU_RELAX_H
#define LIBC_CPU_RELAX_H

static inline void cpu_relax(int turns)
{
    while (turns-- > 0)
        __asm__ volatile("pause");
}

#endif
