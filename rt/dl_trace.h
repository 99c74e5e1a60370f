/* --trace=dl: the program's calls of dlfcn.h, and what came of them. */
#ifndef RT_DL_TRACE_H
#define RT_DL_TRACE_H

#include "object.h"

struct dl_call {
    const char *event;                /* "call": before anything is done; "result" */
    const char *function;             /* "dlopen" ... */
    const char *argument, *argument2; /* argument2: NULL: none */
    const char *caller;               /* the calling object; NULL: not known */
    const char *object;               /* that was opened, found or given; NULL: none */
    const char *error;                /* what went wrong; NULL: nothing */
    uintptr_t address;                /* of a symbol; 0: none */
    const char *stays; /* of a dlclose(): "rules", "permanent", "open"; NULL: it may go */
    size_t opens;      /* ... and how often it is open still */
};

/* Writes a line. */
__attribute__((cold)) void dl_trace(const struct dl_call *call);

/* A dlclose(), before it does anything. `object` NULL: what it was given is no handle. */
__attribute__((cold)) void dl_trace_close(const struct object *object);

/* The flags of a dlopen() in words, in `text`, which is returned. */
__attribute__((cold)) const char *dl_trace_flags(int flags, char *text, size_t room);

/* The name of the object that an address is in, who calls; NULL: none. */
const char *dl_trace_caller(const void *caller);

#endif
