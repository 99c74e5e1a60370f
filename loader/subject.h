/* The two processes of --compare: one that the kernel loads and one that uexec
 * loads, both stopped at the entry point. */
#ifndef UEXEC_SUBJECT_H
#define UEXEC_SUBJECT_H

#include "base/problem.h"
#include "report.h"

/* What uexec's child writes to the other before it hands over. */
struct subject_word {
    uint64_t entry; /* where the program begins */
    bool leaves_registers;
};

/* A process that is to be compared.  It is seized before it does anything, so
 * that it dies with this one (PTRACE_O_EXITKILL) and never runs on alone. */
struct subject {
    const char *who; /* for messages */
    int pid;
    int go;                /* written to when it is seized; closed by then on its side */
    int entry;             /* what it says: struct subject_word */
    bool leaves_registers; /* uexec's: the way out does not set rcx, rsi, rdi, r11 (exec.h) */
};

/* What both children need; each has its copy. */
struct subject_context {
    struct report *report;
    struct launch *launch;
    const struct self *self;
};

/* Start both.  false: *problem, and neither is left. */
bool subject_start_both(struct subject *kernel, struct subject *uexec,
                        struct subject_context *context, struct problem *problem);

/* Kill it and wait for its end. */
void subject_end(struct subject *subject);

#endif
