/* Which parts of an object may be written, during relocation and afterwards. */
#ifndef RT_PROTECT_H
#define RT_PROTECT_H

#include "base/problem.h"
#include "object.h"

/* May `size` bytes at a run-time address be written? */
static inline bool may_write(const struct object *object, uintptr_t address, size_t size)
{
    uintptr_t room = object->writable_end - object->writable;
    if (__builtin_expect(object->writable_holes, 0))
        return object_has(object, address, size, object->text_open ? 0 : PF_W);
    return size <= room && address - object->writable <= room - size;
}

/* Makes every segment of an object with text relocations writable, if they are allowed. false:
 * *problem. */
bool protect_open(struct object *object, struct problem *problem);

/* Gives a relocated object's segments the protection of their headers, and makes PT_GNU_RELRO
 * read-only. false: *problem. */
bool protect_close(struct object *object, struct problem *problem);

#endif
