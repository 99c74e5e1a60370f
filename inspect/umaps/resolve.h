/* Finds what a system call did to a layout. */
#ifndef UMAPS_RESOLVE_H
#define UMAPS_RESOLVE_H

#include "recording.h"

/* How certain it is that the call has returned. */
enum resolve_when {
    RESOLVE_EARLY, /* it may still be under way: resolve it only if its effect is there */
    RESOLVE_LATE,  /* it has returned, and no other call of the process is under way */
    RESOLVE_MIXED, /* it has returned, and others are under way */
};

/* Resolves task->call: compares what the call asks for, by the model, with what the kernel has;
 * changes the model; writes the event. What was guessed wrong, or cannot be asked for, is found by
 * reading all maps and comparing. false (RESOLVE_EARLY): not yet. */
bool resolve_call(struct recording *recording, struct task *task, enum resolve_when when);

/* Reads smaps: writes how much of each mapping is in memory, compares the model with the kernel's
 * maps, writes what differs as an event, and corrects the model. false: smaps cannot be read. */
bool resolve_check(struct recording *recording, struct target *target, uint64_t time);

/* May the call change the layout, so that others should wait for its end? */
bool resolve_matters(const struct task *task);

#endif
