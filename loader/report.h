/* uexec's reports: the plan (--dry-run) and the layout (--maps). */
#ifndef UEXEC_REPORT_H
#define UEXEC_REPORT_H

#include "base/problem.h"
#include "exec.h"
#include "inspect/table.h"
#include "launch.h"
#include "options.h"

/* Where reports go, and how they look. */
struct report {
    int fd;      /* standard error; standard output if no program runs; or -o FILE's */
    bool opened; /* uexec has to close it */
    bool kept;   /* ... but rt writes its trace to it, so it stays open in the program */
    bool json;
    struct table_style style; /* style.out writes to fd */
};

/* Opens -o FILE, which must not be one of the launch's files; without -o, takes standard output if
 * no program runs (--dry-run, --compare), else standard error. false: *problem, status 125; an
 * existing file keeps its contents. */
bool report_open(struct report *report, const struct options *options, const struct launch *launch,
                 struct problem *problem);

/* Flushes the report. false: the output was not written (a full disk); *problem. */
bool report_flush(struct report *report, struct problem *problem);

/* --dry-run. */
bool report_plan(struct report *report, const struct launch *launch, struct problem *problem);

/* --maps: starts a child that waits until all is in place (until rt, if it links, has linked all),
 * reads this process's /proc/PID/maps, prints it and ends. The child has no exit signal, so the
 * program does not notice it. Fills *watch. */
bool report_watch(struct report *report, const struct launch *launch, const struct layout *layout,
                  struct watch *watch, struct problem *problem);

/* The mapped images of a launch, for reports: program, then interpreter. */
size_t report_images(const struct launch *launch, const struct image *images[2]);

/* The text of a p_type: "LOAD", or "0x6474e555". */
const char *report_type(uint32_t type, char text[16]);

#endif
