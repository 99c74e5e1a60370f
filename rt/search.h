/* From the name of a library to an open file (ld.so(8), "DESCRIPTION"). */
#ifndef RT_SEARCH_H
#define RT_SEARCH_H

#include "base/problem.h"
#include "map.h"
#include "object.h"

/* Makes the program's path absolute: the process may be elsewhere when it is asked for. */
void search_here(void);

struct search_result {
    int fd; /* the caller's to close */
    uint64_t size, device, inode;
    struct map_head head;
    char path[4096];
};

/* Opens what `name` is for `by` (NULL: nobody, LD_PRELOAD). A name with a slash is a path. `verb`:
 * "needed" or "opened". false:
 * *problem says who needed it and where it was looked for. */
bool search_open(struct search_result *result, const char *name, const struct object *by,
                 const char *verb, struct problem *problem);

/* Opens libc-min, beside ld-uexec.so.1. */
bool search_open_libc(struct search_result *result, const struct object *by,
                      struct problem *problem);

/* Is it a name that musl's linker keeps for its own libc ("libm.so", "libc.musl-x86_64.so.1")? */
bool search_reserved(const char *name);

/* The folder that $ORIGIN is for an object. false: not known. */
bool search_origin(const struct object *object, char *folder, size_t room);

/* Calls `each` for every folder that is looked at for `by`, in order, with its list's name; for
 * dlinfo(). */
void search_folders(const struct object *by,
                    bool (*each)(void *context, const char *list, const char *folder),
                    void *context);

#endif
