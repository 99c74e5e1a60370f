/* Loading in place: from a checked launch to the program's first instruction. */
#ifndef UEXEC_EXEC_H
#define UEXEC_EXEC_H

#include "arch.h"
#include "base/problem.h"
#include "identity.h"
#include "launch.h"
#include "self.h"
#include "stack.h"
#include "stop.h"

/* Someone who looks at the finished process before its first instruction. */
struct watch {
    /* rt's, if it links: it does with these two what is said here (handoff.h) */
    int ready;  /* a byte is sent to this socket when all is in place, then it is closed;
                   -1: nobody reads one */
    int reader; /* the child that reads it, waited for before going on; 0: none */

    int report; /* the report's descriptor, closed when the last line is written; -1: none */
    const struct stopping *stop; /* just before the last step; NULL: go on */
};

/* What was decided; reports print it. */
struct loading {
    /* filled by exec_map() */
    struct self self;
    uint64_t break_start; /* of the heap, bytes */
    uint64_t entry;       /* where control goes: the interpreter's, or the program's */
    struct stack stack;
    const struct identity *identity; /* the launch's */
    bool vdso_refused;               /* the kernel does not let it be unmapped, or makes no new one:
                                            it is where it was */
    bool vdso_lost;                  /* ... or lets it be unmapped and makes no new one */
    bool exit_found;                 /* false: the page at reserved_code() stays */
    struct arch_exit exit;
};

/* Map the program and its interpreter where the kernel would have them, and
 * work out the stack.  The tool still stands; false: *problem, nothing runs. */
bool exec_map(struct loading *loading, struct launch *launch, const struct self *self,
              struct problem *problem);

/* Do rcx, rsi, rdi and r11, which psABI 3.4.1 leaves undefined at entry, hold what the last system
 * call leaves there? */
bool exec_leaves_registers(const struct loading *loading);

/* Make the process the program's and go.  Returns only if that is impossible:
 * false, *problem.  Past the point of no return a failure kills the process
 * and says why. */
bool exec_hand_over(struct loading *loading, struct launch *launch, const struct watch *watch,
                    bool verbose, struct problem *problem);

#endif
