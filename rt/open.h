/* dlopen(): an object, and what it needs, from its name to where constructors are to run. */
#ifndef RT_OPEN_H
#define RT_OPEN_H

#include "base/problem.h"
#include "object.h"

#define OPEN_DEEPBIND 8 /* glibc's RTLD_DEEPBIND, which musl's <dlfcn.h> lacks */

/* dlopen(), as base/linker.h's table has it. The object is in the list, relocated, and counts as
 * opened once more; false: nothing new is in the list. */
bool open_named(const char *name, int flags, const void *caller, void **handle,
                struct problem *problem);

#endif
