/* --trace: each step, as it happens, one line on the report's stream.  The loader
 * writes those of `load`; all others are rt's, which learns of them by handoff.h. */
#ifndef UEXEC_TRACE_H
#define UEXEC_TRACE_H

#include "base/trace_steps.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image;
struct plan_step;

struct arch_sigaction;

/* How lines are written. */
struct trace_request {
    int fd;              /* not owned */
    const char *program; /* for messages; not owned */
    unsigned steps;      /* TRACE_* */
    bool json;           /* an object on a line: time, step, text */
};

/* Start.  Times count from this call.  With TRACE_LOAD, SIGPIPE is ignored from here on. */
void trace_start(const struct trace_request *request);

/* When that was: CLOCK_MONOTONIC, ns. */
uint64_t trace_begin(void);

/* What SIGPIPE's disposition is to be when the last line is written; before that
 * once more trace_ignored(), which throws away one that the trace has raised while
 * it was blocked.  NULL, both: nothing was changed. */
const struct arch_sigaction *trace_ignored(void);
const struct arch_sigaction *trace_end(void);

/* Is `load` traced, and where to? */
bool trace_on(void);
int trace_fd(void);

/* "uexec: 0.000123 load: TEXT", or {"time": 0.000123, "step": "load", "text": "TEXT"};
 * nothing if tracing is off. */
__attribute__((format(printf, 1, 2))) void trace(const char *format, ...);

/* The same line as text in `line`, for steps that happen when the tool is
 * gone; their time is not known, and a '-' or null stands there.  Returns its length. */
__attribute__((format(printf, 3, 4))) size_t trace_text(char *line, size_t room, const char *format,
                                                        ...);

/* A step of a plan that has been carried out. */
void trace_step(const struct image *image, const struct plan_step *step, uint64_t bias);

#endif
