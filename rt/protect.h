/* What of an object may be written, while it is relocated and afterwards. */
#ifndef RT_PROTECT_H
#define RT_PROTECT_H

#include "base/problem.h"
#include "object.h"

/* Are text relocations (DT_TEXTREL) made, or refused? */
extern bool protect_text_relocations;

/* An object that has them: every segment may be written, if they are made. false: *problem. */
bool protect_open(struct object *object, struct problem *problem);

/* An object is relocated: its segments are what their headers say, and PT_GNU_RELRO is read-only.
 * false: *problem. */
bool protect_close(struct object *object, struct problem *problem);

#endif
