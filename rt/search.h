/* From the name of a library to an open file (ld.so(8), "DESCRIPTION"). */
#ifndef RT_SEARCH_H
#define RT_SEARCH_H

#include "base/problem.h"
#include "map.h"
#include "object.h"

/* Makes the program's path absolute, because the process may change its folder before the path is
 * used. */
void search_here(void);

struct search_result {
    int fd; /* the caller's to close */
    uint64_t size, device, inode;
    struct map_head head;
    char path[4096];
};

/* Opens the file of a library's name for `by` (NULL: LD_PRELOAD). A name with a slash is a path.
 * `verb`: "needed" or "opened". false: *problem names the object that needs it and the folders that
 * were searched. */
bool search_open(struct search_result *result, const char *name, const struct object *by,
                 const char *verb, struct problem *problem);

/* Opens libc-min, beside ld-uexec.so.1. */
bool search_open_libc(struct search_result *result, const struct object *by,
                      struct problem *problem);

/* Is the name one that musl's linker keeps for its own libc ("libm.so", "libc.musl-x86_64.so.1")?
 */
bool search_reserved(const char *name);

/* Writes the folder that $ORIGIN stands for in an object. false: unknown. */
bool search_origin(const struct object *object, char *folder, size_t room);

/* Calls `each` for every folder that is searched for `by`, in order, with the name of its list. For
 * dlinfo(). */
void search_folders(const struct object *by,
                    bool (*each)(void *context, const char *list, const char *folder),
                    void *context);

#endif
