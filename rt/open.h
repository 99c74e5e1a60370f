/* dlopen(): an object, and what it needs, from its name to where constructors are to run. */
#ifndef RT_OPEN_H
#define RT_OPEN_H

#include "base/problem.h"
#include "object.h"

#define OPEN_DEEPBIND 8 /* glibc's RTLD_DEEPBIND, which musl's <dlfcn.h> lacks */

/* Opens what `name` is for `caller`, with dlopen()'s flags, under the linker's lock. *result is in
 * the list, relocated, and counts as opened once more; its group's constructors may still have to
 * run. false: *problem, and nothing new is in the list. */
bool object_open(const char *name, int flags, struct object *caller, struct object **result,
                 struct problem *problem);

/* LD_BIND_NOW was set: it is for what dlopen() brings, too. */
extern bool open_bind_now;

#endif
