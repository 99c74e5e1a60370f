/* --trace=dl: the program's calls of dlfcn.h, and what came of them. */
#ifndef RT_DL_TRACE_H
#define RT_DL_TRACE_H

#include "object.h"

struct dl_call {
    const char *function, *argument, *argument2; /* argument2: NULL: none */
    const char *caller;                          /* NULL: not known */
    const char *result;                          /* or what went wrong; NULL: none yet */
    uintptr_t value;                             /* 0: none */
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
