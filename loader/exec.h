/* Loads in place: from a checked launch to the program's first instruction. */
#ifndef UEXEC_EXEC_H
#define UEXEC_EXEC_H

#include "arch.h"
#include "base/problem.h"
#include "identity.h"
#include "launch.h"
#include "self.h"
#include "stack.h"
#include "stop.h"

/* The readers of the finished process, before its first instruction. */
struct watch {
    /* if rt links, it uses these two instead of the hand-over (handoff.h) */
    int ready; /* a byte is sent to this socket when all is in place, then it is closed; -1: none */
    int reader; /* the child that reads the byte; the process waits for its end; 0: none */

    int report;                  /* the report's descriptor, closed after the last line; -1: none */
    const struct stopping *stop; /* the stop before the last step; NULL: none */
};

/* The decisions about the process; reports print them. */
struct layout {
    /* filled by exec_map() */
    struct self self;
    uint64_t break_start; /* of the heap, bytes */
    uint64_t entry; /* the first instruction: the interpreter's entry point, or the program's */
    struct stack stack;
    const struct identity *identity; /* the launch's */
    bool vdso_refused; /* the vDSO stays where it was: there is none to be found, the kernel does
                          not allow it to be unmapped, or the tool itself could not be moved */
    bool vdso_lost;    /* ... or allows the unmapping and maps no new one */
    bool exit_found;   /* false: the page at reserved_code() stays mapped */
    struct arch_exit exit;
};

/* Maps the program and its interpreter where the kernel would map them, and builds the stack's
 * image. The tool is still whole. false: *problem, and nothing runs. */
bool exec_map(struct layout *layout, struct launch *launch, const struct self *self,
              struct problem *problem);

/* Do rcx, rsi, rdi and r11, which psABI 3.4.1 leaves undefined at entry, keep the values that the
 * last system call leaves in them? */
bool exec_leaves_registers(const struct layout *layout);

/* Turns the process into the program's, and jumps to its entry point. Returns only if that is
 * impossible: false, *problem. Past the point of no return, a failure writes one line and kills the
 * process. */
bool exec_hand_over(struct layout *layout, struct launch *launch, const struct watch *watch,
                    bool verbose, struct problem *problem);

#endif
