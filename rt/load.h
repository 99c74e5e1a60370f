/* The list of objects, and how it grows. All of it under the linker's lock, or before there are
 * threads. */
#ifndef RT_LOAD_H
#define RT_LOAD_H

#include "base/problem.h"
#include "fixed.h"
#include "object.h"

/* Not NULL: what is not found is told here, and no error (--list). */
extern void (*object_listing)(const char *missing);
extern size_t objects_added, objects_removed; /* as dl_iterate_phdr(3) tells them */

static inline struct object *object_next(const struct object *object)
{
    return (struct object *)object->map.l_next;
}

/* A new, empty object. NULL: no memory. `name` is copied. */
struct object *object_new(const char *name);

/* Puts it at the end of the list. */
void object_append(struct object *object);

/* Takes it out of the list and gives back all that it has; `seen`: not, because a thread may still
 * be looking at it: its memory is lost. */
void object_drop(struct object *object, bool seen);

/* Gives back all that an object has that is in no list. */
void object_discard(struct object *object);

/* The object that a name is for, loaded now unless it is there: "libx.so" as DT_NEEDED has it, or a
 * path. `by`: the object that needs it, or NULL; `verb`: "needed" or "opened", for messages. It is
 * at the end of the list if it is new. NULL: *problem. */
struct object *object_load(const char *name, struct object *by, const char *verb,
                           struct problem *problem);

/* The same without loading: NULL if it is not there. */
struct object *object_find(const char *name, struct object *by);

/* Loads what the objects from `first` on need, breadth first, and fills their dependencies; objects
 * that it appends are processed in the same pass. false: *problem. */
bool object_load_needed(struct object *first, struct problem *problem);

/* The group of an object: itself and all that it depends on, breadth first. false: no memory. */
bool object_group(struct object *object, struct scope *group);

/* Which object an address is in; NULL: none. */
struct object *object_at(const void *address);

#endif
