/* --trace=dl: the program's calls of <dlfcn.h> and their results. */
#ifndef RT_DL_TRACE_H
#define RT_DL_TRACE_H

#include "object.h"

struct dl_call {
    const char *event;                /* "call": before anything is done; "result" */
    const char *function;             /* "dlopen" ... */
    const char *argument, *argument2; /* argument2: NULL: none */
    const char *caller;               /* the calling object; NULL: not known */
    const char *object;               /* the object that was opened, found or given; NULL: none */
    const char *error;                /* what went wrong; NULL: nothing */
    uintptr_t address;                /* of a symbol; 0: none */
    const char *stays; /* why dlclose() leaves the object: "rules", "permanent", "open"; NULL: it
                          may be unloaded */
    size_t opens;      /* ... and how often it is open still */
};

/* Writes a line. */
__attribute__((cold)) void dl_trace(const struct dl_call *call);

/* Writes the line of a dlclose(), before it does anything. `object` NULL: the argument is no
 * handle. */
__attribute__((cold)) void dl_trace_close(const struct object *object);

/* Writes the names of dlopen()'s flags to `text`. Returns `text`. */
__attribute__((cold)) const char *dl_trace_flags(int flags, char *text, size_t room);

/* The name of the object that a return address is in; NULL: none. */
const char *dl_trace_caller(const void *caller);

#endif
