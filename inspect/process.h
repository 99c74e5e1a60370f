/* The state of a process, from /proc and ptrace(2): a list of named values, so that two processes
 * can be compared item by item. */
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

/* Reads the state of a stopped tracee whose stack pointer is at argc. `addresses` false leaves out
 * what differs when addresses are random. false: errno; the items read so far are in the list. */
bool process_read(struct process *process, pid_t pid, bool addresses);

/* Frees the memory of process_read(), whatever it returned. */
void process_free(struct process *process);

/* The value of an item; NULL: no item of that name. */
const char *process_find(const struct process *process, const char *group, const char *name);

#endif
