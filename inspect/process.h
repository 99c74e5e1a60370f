/* What a process is, as /proc and ptrace(2) tell it: a list of named values,
 * made so that two processes can be compared item by item. */
#ifndef UEXEC_PROCESS_H
#define UEXEC_PROCESS_H

#include "maps.h"

struct process_item {
    const char *group; /* "auxv", "descriptors" ... */
    char *name;        /* from malloc */
    char *value;       /* from malloc */
};

struct process {
    struct maps maps;
    struct process_item *items; /* from malloc */
    size_t count;
};

/* Look at a stopped process that this one traces, whose stack pointer is at
 * argc.  `addresses` false leaves out what differs when addresses are random.
 * false: errno; what was read until then is there. */
bool process_read(struct process *process, pid_t pid, bool addresses);

/* Free what process_read() has taken, whatever it answered. */
void process_free(struct process *process);

/* The value of an item, NULL if the process has none of that name. */
const char *process_find(const struct process *process, const char *group, const char *name);

#endif
