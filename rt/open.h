/* dlopen(): from a name to objects whose constructors have run. */
#ifndef RT_OPEN_H
#define RT_OPEN_H

#include "base/problem.h"
#include "object.h"

#define OPEN_DEEPBIND 8 /* glibc's RTLD_DEEPBIND, which musl's <dlfcn.h> lacks */

/* The table's `open` (base/linker.h). true: the object is in the list, relocated, and counts one
 * opening more; false: the list is as before. */
bool open_named(const char *name, int flags, const void *caller, void **handle,
                struct problem *problem);

#endif
