/* Symbol versions (LSB, "Symbol Versioning": GNU verdef, verneed, versym). */
#ifndef RT_VERSION_H
#define RT_VERSION_H

#include "base/problem.h"
#include "object.h"

/* Fills object->symbols.version from what verdef and verneed say, each index once. */
bool version_decode(struct object *object, struct problem *problem);

/* Does every object define the versions that others want of it? An object without any versions
 * satisfies all. Dependencies are there. false: *problem names who wants what of whom. */
bool version_check(const struct object *object, struct problem *problem);

/* Does an object define a version of this name? */
bool version_defined(const struct object *object, const struct version *wanted);

#endif
