/* Carrying out a plan. */
#ifndef UEXEC_MAP_H
#define UEXEC_MAP_H

#include "plan.h"

/* Map `plan` of `image`.  Where it goes:
 *   PLAN_FIXED       its own addresses; what is there already is an error
 *   PLAN_PIE         `bias`, likewise
 *   PLAN_MMAP        where mmap puts it, `hint` 0; aligned down to the plan's
 *                    alignment if that is above a page and `aligned`
 * *bias is set to what was added to the link-time addresses.  false: *problem;
 * what was mapped until then stays, the caller is about to exit. */
bool plan_map(const struct plan *plan, const struct image *image, bool aligned, uint64_t hint,
              uint64_t *bias, struct problem *problem);

#endif
