/* Handles of dlopen(). */
#ifndef RT_HANDLE_H
#define RT_HANDLE_H

#include "base/problem.h"
#include "object.h"

/* The object of the list that a handle stands for. NULL: none, said in *problem, which may be NULL.
 */
struct object *handle_object(const void *handle, struct problem *problem);

#endif
