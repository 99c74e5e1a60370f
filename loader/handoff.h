/* Writing the hand-off to rt: base/handoff.h says what is in it. */
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
    bool json;                   /* the three are of use with a trace only */
    int output;                  /* -1: standard error */
    uint64_t epoch;              /* ns */
    const struct stopping *stop; /* --stop; NULL: go on */
    const char *rules;           /* --rules; NULL: not given */
    bool textrel, lazy, verbose;
    int report;         /* the report's descriptor, for that; -1: there is none */
    const char *tool;   /* uexec's file, to be started again; NULL: not */
    char *const *again; /* ... with these */
    size_t again_count; /* ... so many */
    size_t again_tail;  /* ... and so many of the program's last */
};

/* Bytes that the hand-off may take, NUL included, whatever handoff_write() is told. */
size_t handoff_room(const struct handoff *handoff);

/* Write it.  `ready` and `reader` are --maps' socket and child; -1: none. */
void handoff_write(const struct handoff *handoff, int ready, int reader, char *to);

#endif
