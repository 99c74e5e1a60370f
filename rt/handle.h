/* Handles of dlopen(). */
#ifndef RT_HANDLE_H
#define RT_HANDLE_H

#include "base/problem.h"
#include "object.h"

/* The object that a handle stands for: one of the list. NULL: *problem, which may be NULL. */
struct object *handle_object(const void *handle, struct problem *problem);

#endif
