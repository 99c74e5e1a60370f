/* A file's segments into memory. */
#ifndef RT_MAP_H
#define RT_MAP_H

#include "object.h"

/* Maps the file and fills what object.h says. `program`: it may be linked at fixed addresses
 * (ET_EXEC). `size`: of the file, bytes. false: *problem, nothing stays mapped. */
bool object_map(struct object *object, int fd, uint64_t size, bool program, uintptr_t *entry,
                struct problem *problem);

/* Undoes it. */
void object_unmap(struct object *object);

#endif
