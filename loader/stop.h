/* --stop: the process stops before the program's first instruction, for a debugger. */
#ifndef UEXEC_STOP_H
#define UEXEC_STOP_H

#include "arch.h"
#include "base/problem.h"

#include <stdbool.h>
#include <stdint.h>

struct arch_sigaction;
struct launch;
struct problem;

struct stopping {
    int signal;       /* the signal to raise */
    const char *line; /* written to standard error before the signal; NULL: nothing */
    const struct arch_sigaction *disposition; /* of the signal, restored after that; NULL: it is
                                                 as it was */
};

/* Fills *stop for a hand-over to `entry`. The signal is SIGSTOP, for a debugger that will attach.
 * For a process with a tracer it is SIGTRAP, as the kernel sends one after an execve(2): gdb counts
 * these from its shell to the program (`set exec-wrapper`). The process ignores the signal
 * meanwhile, because strace delivers it. false: no memory, or this is process 1; *problem. */
bool stop_at_entry(struct stopping *stop, const struct launch *launch, uint64_t entry,
                   struct problem *problem);

/* The same for rt, which stops when it has linked all, and sets the disposition itself. */
bool stop_when_linked(struct stopping *stop, const struct launch *launch, struct problem *problem);

#endif
