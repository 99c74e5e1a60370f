/* Groups of dlopen(): a root and all objects that it needs. Each of these looks names up in the
 * group after the global scope. object_group() (load.h) makes a group. */
#ifndef RT_GROUP_H
#define RT_GROUP_H

#include "base/problem.h"
#include "object.h"

/* Lets every object of a group look names up in it; with `fresh`, only those that are not yet
 * relocated. Objects that do so already are left alone. false: no memory. */
bool group_join(struct scope *group, bool fresh, struct problem *problem);

/* Lets one object look names up in it. */
bool group_join_one(struct scope *group, struct object *object, struct problem *problem);

/* Takes a group out of all objects' scopes, or (`all` false) out of those that stay. */
void group_leave(const struct scope *group, bool all);

#endif
