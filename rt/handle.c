#include "handle.h"

#include "base/problem.h"
#include "fixed.h"
#include "load.h"

/* A handle is the address of an object in the list. */
struct object *handle_object(const void *handle, struct problem *problem)
{
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        if (object == handle)
            return object;
    problem_set(problem, "%#lx is no handle of dlopen()", (unsigned long)handle);
    return NULL;
}
