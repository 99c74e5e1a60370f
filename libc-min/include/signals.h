/* The signals that the library keeps for itself: in musl's ABI, programs neither handle nor block
 * 32 to 34. The kernel's sets have 8 bytes, musl's sigset_t has 128. */
#ifndef LIBC_SIGNALS_H
#define LIBC_SIGNALS_H

#include <signal.h>

enum { SIGNAL_OWN_FIRST = 32, SIGNAL_OWN_LAST = 34 };

#define SIGNAL_SET_SIZE (_NSIG / 8) /* bytes of the kernel's set */

/* The kernel's set for a program's set, without the library's signals. */
static inline unsigned long signal_set(const sigset_t *set)
{
    return set->__bits[0] & ~(7UL << (SIGNAL_OWN_FIRST - 1));
}

/* Nonzero for a signal that a program may name. */
static inline int signal_is_program(int signal)
{
    return signal > 0 && signal < _NSIG && (signal < SIGNAL_OWN_FIRST || signal > SIGNAL_OWN_LAST);
}

#endif
