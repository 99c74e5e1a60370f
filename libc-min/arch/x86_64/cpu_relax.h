/* What to do while spinning. */
#ifndef LIBC_CPU_RELAX_H
#define LIBC_CPU_RELAX_H

static inline void cpu_relax(void)
{
    __asm__ volatile("pause");
}

#endif
