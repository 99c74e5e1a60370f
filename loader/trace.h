/* --trace: each step as it happens, one line each on the report's stream. The loader writes the
 * lines of `load`; rt writes the others, and learns from the hand-off which (handoff.h). */
#ifndef UEXEC_TRACE_H
#define UEXEC_TRACE_H

#include "base/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image;
struct plan_step;

struct arch_sigaction;

/* How to write lines. */
struct trace_request {
    int fd;              /* not owned */
    const char *program; /* for messages; not owned */
    unsigned steps;      /* TRACE_* */
    bool json;           /* an object on a line: time, step, text */
};

/* Starts the trace. Times count from this call. With TRACE_LOAD, SIGPIPE is ignored from now
 * on, unless one is pending: to ignore it would lose it. */
void trace_start(const struct trace_request *request);

/* The time of that call: CLOCK_MONOTONIC, ns. */
uint64_t trace_begin(void);

/* SIGPIPE's disposition after the last line. Before it, the hand-over sets trace_ignored() once
 * more, which discards a signal that the trace raised while SIGPIPE was blocked. NULL, both:
 * nothing was changed. */
const struct arch_sigaction *trace_ignored(void);
const struct arch_sigaction *trace_end(void);

/* Is `load` traced, and to which descriptor? */
bool trace_on(void);
int trace_fd(void);

/* Writes a line (base/trace.h) of the step `load`. Callers use trace(), which checks that it is on.
 */
__attribute__((cold, format(printf, 4, 5))) void trace_line(const char *event,
                                                            const struct trace_field *fields,
                                                            size_t count, const char *format, ...);

/* trace("file", (FIELD_TEXT("file", path)), "%s ...", path): evaluates nothing if tracing is off.
 */
#define trace(event, fields, ...)                                                                  \
    do {                                                                                           \
        if (trace_on()) {                                                                          \
            const struct trace_field trace_fields[] = {TRACE_LIST fields};                         \
            trace_line(event, trace_fields, sizeof trace_fields / sizeof *trace_fields,            \
                       __VA_ARGS__);                                                               \
        }                                                                                          \
    } while (0)

/* Writes a line of the hand-over to `line`, without a time: the tool is gone when it happens, and
 * cannot read the clock. Returns the length. */
__attribute__((cold, format(printf, 5, 6))) size_t trace_hand_over(char *line, size_t room,
                                                                   const struct trace_field *fields,
                                                                   size_t count, const char *format,
                                                                   ...);

/* Writes a line for a step of a plan that has been carried out. */
void trace_step(const struct image *image, const struct plan_step *step, uint64_t bias);

#endif
