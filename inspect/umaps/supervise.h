/* Runs a program under a seccomp filter, and records its memory calls. */
#ifndef UMAPS_SUPERVISE_H
#define UMAPS_SUPERVISE_H

#include "recording.h"

struct supervise_options {
    char **command; /* what is executed: uexec and the program, or the program; NULL-terminated */
    const char *program; /* for messages */
    bool loads;          /* the command is uexec; false: the kernel starts the program */
    int trace;           /* reads what rt traces (a pipe); -1: it traces nothing */
    const char *pipe;    /* the pipe's name; NULL: there is none */
    /* removes the pipe; called when the program has opened it, and again at the end */
    void (*finish)(const struct supervise_options *options);
    bool follow;       /* children too */
    uint64_t resident; /* how often residency is written, ms; 0: at exit only */
};

/* Runs the program to its end. Returns its exit status; a signal that killed it is raised again. */
int supervise(const struct supervise_options *options, struct recording *recording);

#endif
