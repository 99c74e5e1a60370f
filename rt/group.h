/* Groups of dlopen(): a root and all that it needs, in which each of them looks names up after the
 * global scope (load.h's object_group() makes one). */
#ifndef RT_GROUP_H
#define RT_GROUP_H

#include "base/problem.h"
#include "object.h"

/* Every object of a group looks names up in it; with `fresh`, those that are not yet relocated.
 * Again for one that does so already: nothing. false: no memory. */
bool group_join(struct scope *group, bool fresh, struct problem *problem);

/* One object does. */
bool group_join_one(struct scope *group, struct object *object, struct problem *problem);

/* Nobody looks names up in a group any more, or nobody but the unused. */
void group_leave(const struct scope *group, bool all);

#endif
