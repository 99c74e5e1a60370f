/* dlinfo(), dl_iterate_phdr(): what objects there are. */
#ifndef RT_INFO_H
#define RT_INFO_H

#include "base/problem.h"

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

/* The functions of base/linker.h's table of these names. */
bool info_get(void *handle, int request, void *result, struct problem *problem);
int info_objects(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data);

#endif
