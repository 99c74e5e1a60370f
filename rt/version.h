/* Symbol versions (LSB, "Symbol Versioning": GNU verdef, verneed, versym). */
#ifndef RT_VERSION_H
#define RT_VERSION_H

#include "base/problem.h"
#include "object.h"

/* Fills object->symbols.version from verdef and verneed, each index once. */
bool version_decode(struct object *object, struct problem *problem);

/* Checks that the dependencies define the versions that this object wants of them. An object
 * without any versions satisfies all. false: *problem names both objects and the version. */
bool version_check(const struct object *object, struct problem *problem);

/* Does an object define a version of this name? */
bool version_defined(const struct object *object, const struct version *wanted);

#endif
