/* What is said of a name that no object defines. */
#ifndef RT_EXPLAIN_H
#define RT_EXPLAIN_H

#include "base/problem.h"
#include "lookup.h"

/* Appends to the problem's text what was searched, what is near by name, and what helps. */
void explain_undefined(const struct object *object, const struct reference *reference,
                       struct problem *problem);

/* Its parts: appends which objects a reference of `object` is looked up in; appends the defined
 * name that is nearest, if one is near. */
void explain_searched(struct problem *problem, const struct object *object);
void explain_near(struct problem *problem, const struct reference *reference);

/* The C library of the linker that the program names, mapped to be looked into and discarded again
 * (object_discard()); NULL: not known, or not to be had. */
struct object *explain_libc_open(void);

/* Does that library have the name? Of glibc, a version says whose name it is meant to be. */
bool explain_libc_has(const struct object *libc, const struct reference *reference);

/* "uexec ", to stand before an option of uexec's where a user has not started rt by it; or "". */
const char *explain_uexec(void);

/* The last part of an object's name. */
const char *explain_short_name(const struct object *object);

#endif
