/* What of an object may be written, while it is relocated and afterwards. */
#ifndef RT_PROTECT_H
#define RT_PROTECT_H

#include "base/problem.h"
#include "object.h"

/* Are `size` bytes at a run-time address such that may be written? */
static inline bool may_write(const struct object *object, uintptr_t address, size_t size)
{
    uintptr_t room = object->writable_end - object->writable;
    if (__builtin_expect(object->writable_holes, 0))
        return object_has(object, address, size, object->text_open ? 0 : PF_W);
    return size <= room && address - object->writable <= room - size;
}

/* An object that has them: every segment may be written, if they are made. false: *problem. */
bool protect_open(struct object *object, struct problem *problem);

/* An object is relocated: its segments are what their headers say, and PT_GNU_RELRO is read-only.
 * false: *problem. */
bool protect_close(struct object *object, struct problem *problem);

#endif
