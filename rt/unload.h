/* dlclose(): what nothing uses any more leaves the process. */
#ifndef RT_UNLOAD_H
#define RT_UNLOAD_H

#include "base/problem.h"

#include <stdbool.h>

/* dlclose(), as base/linker.h's table has it: what nothing uses any more is unloaded, by mark and
 * sweep. */
bool unload_handle(void *handle, struct problem *problem);

#endif
