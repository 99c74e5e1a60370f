/* --compare: the same program under execve and under uexec, both stopped at the entry point, side
 * by side. */
#ifndef UEXEC_COMPARE_H
#define UEXEC_COMPARE_H

#include "base/problem.h"
#include "report.h"

/* Runs both, prints both layouts and every difference, and ends both. Returns 0 if nothing differs
 * or each difference has a known reason, 1 if one has none, -1 and *problem if the two cannot be
 * compared. */
int compare_run(struct report *report, struct launch *launch, const struct self *self,
                struct problem *problem);

#endif
