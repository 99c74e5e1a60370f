/* Indirect functions (R_X86_64_IRELATIVE, STT_GNU_IFUNC), chosen when all objects are relocated. */
#ifndef RT_SETTLE_H
#define RT_SETTLE_H

#include "base/problem.h"
#include "object.h"

/* A COPY of `size` bytes in which there may be places of indirect functions: they follow. false:
 * *problem. */
bool ifunc_copy(const struct object *object, uintptr_t from, uintptr_t to, size_t size,
                struct problem *problem);

/* Chooses those of the objects from `first` to the end of the list, which are relocated, and
 * protects what is not to be written any more. A resolver may use anything but an indirect function
 * that itself waits for it. false: *problem. */
bool ifunc_settle(struct object *first, struct problem *problem);

/* A resolver's choice. false: it has called one that is not chosen yet, and is to be asked again.
 * ifunc_choose.c: the fuzzer has another. */
bool ifunc_choose(uintptr_t resolver, uintptr_t *choice);

#endif
