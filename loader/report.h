/* What uexec shows: the plan (--dry-run) and the layout (--maps). */
#ifndef UEXEC_REPORT_H
#define UEXEC_REPORT_H

#include "base/problem.h"
#include "exec.h"
#include "inspect/table.h"
#include "launch.h"
#include "options.h"

/* Where reports go, and how they look. */
struct report {
    int fd;      /* standard error, or output if nothing is run, or -o FILE's */
    bool opened; /* it is ours to close */
    bool kept;   /* ... but rt writes its trace there: it stays open in the program */
    bool json;
    struct table_style style; /* style.out is unbuffered text's way to fd */
};

/* Colour and width of what goes to `fd`: they belong to a terminal; NO_COLOR (no-color.org),
 * TERM=dumb and --color=WHEN overrule.  `out` is left to the caller. */
struct table_style report_style(int fd, enum options_color color);

/* Open -o FILE, which must not be one of the launch's, or take standard output, which is free
 * if no program runs (--dry-run, --compare), or standard error, which is not.  false: *problem,
 * status 125; an existing file keeps what it holds. */
bool report_open(struct report *report, const struct options *options, const struct launch *launch,
                 struct problem *problem);

/* Flush; false if what was printed could not be written (a full disk). */
bool report_flush(struct report *report, struct problem *problem);

/* --dry-run. */
bool report_plan(struct report *report, const struct launch *launch, struct problem *problem);

/* --maps: start a child that waits until all is in place (rt, if it links, has linked
 * all), reads this process's /proc/PID/maps, prints it and ends.  It is made without an exit
 * signal, so the program never hears of it.  Fills *watch. */
bool report_watch(struct report *report, const struct launch *launch, const struct loading *loading,
                  struct watch *watch, struct problem *problem);

/* The mapped images of a launch, for reports: program, then interpreter. */
size_t report_images(const struct launch *launch, const struct image *images[2]);

/* The text of a p_type: "LOAD", or "0x6474e555". */
const char *report_type(uint32_t type, char text[16]);

#endif
