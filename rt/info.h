/* dlinfo(), dl_iterate_phdr(). */
#ifndef RT_INFO_H
#define RT_INFO_H

#include "base/problem.h"

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

/* The table's `info` and `objects` (base/linker.h). */
bool info_get(void *handle, int request, void *result, struct problem *problem);
int info_objects(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data);

#endif
