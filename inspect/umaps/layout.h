/* Layouts from processes and files. */
#ifndef UMAPS_LAYOUT_H
#define UMAPS_LAYOUT_H

#include "base/problem.h"
#include "space.h"

#include <jansson.h>
#include <stdio.h>

/* Reads the layout that `source` names into *space: a process (its number); a recording (the last
 * layout of its first process); a saved layout (`umaps --json PID`, `uexec --maps --json`). false:
 * *problem. */
bool layout_load(const char *source, struct space *space, struct problem *problem);

/* Opens a file for reading; not a folder. NULL: *problem. */
FILE *layout_open(const char *name, struct problem *problem);

/* Reads an array of mappings; a NULL array, or one of another shape, is a problem. */
bool layout_read(const json_t *mappings, struct space *space, struct problem *problem);

/* Reads a region from an object with start, end, permissions, offset, device, inode, name; absent
 * ones but for the first two are 0 or "". false: no region. */
bool layout_region(const json_t *object, struct region *region);

/* The number in a text "0x..."; false: it is none. */
bool layout_hex(const json_t *value, uint64_t *number);

#endif
