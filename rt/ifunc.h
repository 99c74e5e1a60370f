/* Ifuncs (R_X86_64_IRELATIVE, STT_GNU_IFUNC): their resolvers run when all objects are relocated.
 */
#ifndef RT_SETTLE_H
#define RT_SETTLE_H

#include "base/problem.h"
#include "object.h"

/* Notes a COPY of `size` bytes that may contain places of ifuncs: ifunc_settle() updates the copy
 * too. false: *problem. */
bool ifunc_copy(const struct object *object, uintptr_t from, uintptr_t to, size_t size,
                struct problem *problem);

/* Resolves the ifuncs of the objects from `first` to the end of the list, which are relocated, and
 * write-protects what is not written any more. A resolver may use anything but an ifunc that waits
 * for this resolver. false: *problem. */
bool ifunc_settle(struct object *first, struct problem *problem);

/* Calls a resolver. false: the resolver has called an ifunc that is not resolved yet, and is to be
 * called again. In ifunc_choose.c, because the fuzzer has another. */
bool ifunc_choose(uintptr_t resolver, uintptr_t *choice);

#endif
