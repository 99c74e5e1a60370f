/* Carries out a plan. */
#ifndef LOADER_MAP_H
#define LOADER_MAP_H

#include "base/problem.h"
#include "inspect/image.h"

/* Map an image by its plan.  Where it goes:
 *   PLAN_FIXED       its own addresses; what is there already is an error
 *   PLAN_PIE         image->bias, likewise
 *   PLAN_MMAP        where mmap puts it, `hint` 0; aligned down to the plan's
 *                    alignment if that is above a page and `aligned`
 * image->bias is set to what was added to the link-time addresses.  false: *problem;
 * what was mapped until then stays, the caller is about to exit. */
bool image_map(struct image *image, bool aligned, uint64_t hint, struct problem *problem);

#endif
