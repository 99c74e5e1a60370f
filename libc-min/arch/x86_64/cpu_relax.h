/* What to do while spinning: so many times. */
#ifndef LIBC_CPU_RELAX_H
#define LIBC_CPU_RELAX_H

static inline void cpu_relax(int turns)
{
    while (turns-- > 0)
        __asm__ volatile("pause");
}

#endif
