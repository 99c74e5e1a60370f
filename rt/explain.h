/* The message about a name that no object defines. */
#ifndef RT_EXPLAIN_H
#define RT_EXPLAIN_H

#include "base/problem.h"
#include "lookup.h"

/* Appends to the problem's text: the objects that were searched, the nearest defined name, and what
 * helps. */
void explain_undefined(const struct object *object, const struct reference *reference,
                       struct problem *problem);

/* The parts: appends the objects that a reference of `object` is looked up in; appends the nearest
 * defined name, if one is near. */
void explain_searched(struct problem *problem, const struct object *object);
void explain_near(struct problem *problem, const struct reference *reference);

/* Maps the C library of the linker that the program names, to look names up in it. object_discard()
 * releases it. NULL: unknown, or it cannot be mapped. */
struct object *explain_libc_open(void);

/* Does that library define the name? For glibc, the version of the reference decides. */
bool explain_libc_has(const struct object *libc, const struct reference *reference);

/* "uexec ", which stands before an option of uexec if rt was not started by uexec; else "". */
const char *explain_uexec(void);

/* The last part of an object's name. */
const char *explain_short_name(const struct object *object);

#endif
