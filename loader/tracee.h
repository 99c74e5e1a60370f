/* The two tracees of --compare: the kernel loads one and uexec the other; both stop at the entry
 * point. */
#ifndef UEXEC_TRACEE_H
#define UEXEC_TRACEE_H

#include "base/problem.h"
#include "report.h"

/* What uexec's child writes to its tracer before the hand-over. */
struct tracee_word {
    uint64_t entry; /* the entry point */
    bool leaves_registers;
};

/* A process to compare. It is seized before it does anything, so that it dies with this process
 * (PTRACE_O_EXITKILL) and never runs on alone. */
struct tracee {
    const char *who; /* for messages */
    int pid;
    int go;                /* this process writes to it when the child is seized */
    int entry;             /* the child's struct tracee_word */
    bool leaves_registers; /* uexec's child: the way out does not set rcx, rsi, rdi, r11 (exec.h) */
};

/* The input of both children; each has its copy. */
struct tracee_context {
    struct report *report;
    struct launch *launch;
    const struct self *self;
};

/* Starts both. false: *problem, and neither exists. */
bool tracee_start_both(struct tracee *kernel, struct tracee *uexec, struct tracee_context *context,
                       struct problem *problem);

/* Kills the process and waits for its end. */
void tracee_end(struct tracee *tracee);

#endif
