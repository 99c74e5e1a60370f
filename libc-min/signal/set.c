/* sigsetops(3). */
#include "signals.h"
#include <errno.h>
#include <string.h>

static int set_bad(int signal)
{
    if (signal_is_program(signal))
        return 0;
    errno = EINVAL;
    return 1;
}

int sigemptyset(sigset_t *set)
{
    memset(set, 0, sizeof *set);
    return 0;
}

int sigfillset(sigset_t *set)
{
    memset(set, 0, sizeof *set);
    set->__bits[0] = ~0UL;
    set->__bits[0] = signal_set(set);
    return 0;
}

int sigaddset(sigset_t *set, int signal)
{
    if (set_bad(signal))
        return -1;
    set->__bits[0] |= 1UL << (signal - 1);
    return 0;
}

int sigdelset(sigset_t *set, int signal)
{
    if (set_bad(signal))
        return -1;
    set->__bits[0] &= ~(1UL << (signal - 1));
    return 0;
}

int sigismember(const sigset_t *set, int signal)
{
    if (signal >= SIGNAL_OWN_FIRST && signal <= SIGNAL_OWN_LAST)
        return 0; /* a set made by hand may contain the signal, but no mask ever does */
    return set_bad(signal) ? -1 : (int)(set->__bits[0] >> (signal - 1) & 1);
}

int sigisemptyset(const sigset_t *set)
{
    return !set->__bits[0];
}

int sigandset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
    sigemptyset(to);
    to->__bits[0] = a->__bits[0] & b->__bits[0];
    return 0;
}

int sigorset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
    sigemptyset(to);
    to->__bits[0] = a->__bits[0] | b->__bits[0];
    return 0;
}
