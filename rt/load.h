/* The list of objects, and how it grows. Callers hold the linker's lock, or there are no threads
 * yet. */
#ifndef RT_LOAD_H
#define RT_LOAD_H

#include "base/problem.h"
#include "fixed.h"
#include "object.h"

/* If not NULL, a library that is not found is reported to this function and is no error (--list).
 */
extern void (*object_listing)(const char *missing);
extern size_t objects_added, objects_removed; /* dl_iterate_phdr(3)'s dlpi_adds and dlpi_subs */

static inline struct object *object_next(const struct object *object)
{
    return (struct object *)object->map.l_next;
}

/* Allocates an empty object. `name` is copied. NULL: no memory. */
struct object *object_new(const char *name);

/* Appends an object to the list. */
void object_append(struct object *object);

/* Removes an object from the list and releases its memory. `seen`: the memory is kept, because a
 * thread may still read it. */
void object_drop(struct object *object, bool seen);

/* Releases an object that is in no list. */
void object_discard(struct object *object);

/* Returns the object of a name ("libx.so" as in DT_NEEDED, or a path), and loads it if it is not in
 * the list; a new object is the list's last. `by`: the object that needs it, or NULL. `verb`:
 * "needed" or "opened", for messages. NULL: *problem. */
struct object *object_load(const char *name, struct object *by, const char *verb,
                           struct problem *problem);

/* The same without loading. NULL: not in the list. */
struct object *object_find(const char *name, struct object *by);

/* Loads the libraries that the objects from `first` on need, breadth first, and fills their
 * dependencies. Objects that it appends are processed in the same pass. false: *problem. */
bool object_load_needed(struct object *first, struct problem *problem);

/* Makes the group of an object: the object and its dependencies, breadth first. false: no memory.
 */
bool object_group(struct object *object, struct scope *group);

/* The object that an address is in; NULL: none. */
struct object *object_at(const void *address);

#endif
