/* Writes the hand-off to rt. base/handoff.h defines its contents. */
#ifndef LOADER_HANDOFF_H
#define LOADER_HANDOFF_H

#include "base/handoff.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stopping;

struct handoff {
    const char *linker;          /* absolute */
    const char *program;         /* the ELF image's file */
    unsigned trace;              /* TRACE_*: the linker's steps (trace.h) */
    bool json;                   /* these three are used only with a trace */
    int output;                  /* -1: standard error */
    uint64_t epoch;              /* ns */
    const struct stopping *stop; /* --stop; NULL: go on */
    const char *rules;           /* --rules; NULL: not given */
    bool textrel, lazy, verbose;
    int report;         /* the report's descriptor, for the new start; -1: none */
    const char *tool;   /* uexec's file, if rt may start it again; else NULL */
    char *const *again; /* ... with these arguments */
    size_t again_count; /* ... and their number */
    size_t again_tail;  /* ... followed by so many of the program's last arguments */
};

/* The most bytes that handoff_write() writes for `handoff`, NUL included. */
size_t handoff_room(const struct handoff *handoff);

/* Writes the hand-off. `ready` and `reader` are --maps' socket and child; -1: none. */
void handoff_write(const struct handoff *handoff, int ready, int reader, char *to);

#endif
