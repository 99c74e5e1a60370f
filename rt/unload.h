/* dlclose(): unloading objects that nothing uses any more. */
#ifndef RT_UNLOAD_H
#define RT_UNLOAD_H

#include "base/problem.h"

#include <stdbool.h>

/* The table's `close` (base/linker.h). Unloads, by mark and sweep, every object that nothing uses
 * any more. */
bool unload_handle(void *handle, struct problem *problem);

#endif
