/* --trace: each step, as it happens, one line on the report's stream.  The loader
 * writes those of `load`; all others are rt's, which learns of them by handoff.h. */
#ifndef UEXEC_TRACE_H
#define UEXEC_TRACE_H

#include "base/trace.h"

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

/* Write a line (base/trace.h) of the step `load`; nothing if tracing is off. */
__attribute__((cold, format(printf, 4, 5))) void trace_line(const char *event,
                                                            const struct trace_field *fields,
                                                            size_t count, const char *format, ...);

/* trace("file", (FIELD_TEXT("file", path)), "%s ...", path): nothing is evaluated if tracing is
 * off. */
#define trace(event, fields, ...)                                                                  \
    do {                                                                                           \
        if (trace_on()) {                                                                          \
            const struct trace_field trace_fields[] = {TRACE_LIST fields};                         \
            trace_line(event, trace_fields, sizeof trace_fields / sizeof *trace_fields,            \
                       __VA_ARGS__);                                                               \
        }                                                                                          \
    } while (0)

/* A line of the hand-over: what happens when the tool is gone, and nobody can read a clock. Written
 * to `line`.  Returns its length. */
__attribute__((cold, format(printf, 5, 6))) size_t trace_hand_over(char *line, size_t room,
                                                                   const struct trace_field *fields,
                                                                   size_t count, const char *format,
                                                                   ...);

/* A step of a plan that has been carried out. */
void trace_step(const struct image *image, const struct plan_step *step, uint64_t bias);

#endif
