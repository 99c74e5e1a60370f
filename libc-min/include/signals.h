/* The signals that are the library's own: musl's ABI keeps 32 to 34 from programs, which neither
 * handle nor block them. The kernel's sets are 8 bytes, musl's sigset_t is 128. */
#ifndef LIBC_SIGNALS_H
#define LIBC_SIGNALS_H

#include <signal.h>

enum { SIGNAL_OWN_FIRST = 32, SIGNAL_OWN_LAST = 34 };

#define SIGNAL_SET_SIZE (_NSIG / 8) /* bytes, the kernel's */

/* The kernel's set of what a program has in its own, without the library's. */
static inline unsigned long signal_set(const sigset_t *set)
{
    return set->__bits[0] & ~(7UL << (SIGNAL_OWN_FIRST - 1));
}

/* One that a program may name. */
static inline int signal_is_program(int signal)
{
    return signal > 0 && signal < _NSIG && (signal < SIGNAL_OWN_FIRST || signal > SIGNAL_OWN_LAST);
}

#endif
