/* --trace: a line for each step. With a category off, nothing here is called; for binding, GOT[2]
 * then leads to another resolver (lazy.c). */
#ifndef RT_TRACE_H
#define RT_TRACE_H

#include "base/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Set by the hand-off (handoff.c), the environment or the command line. */
extern struct trace {
    unsigned categories; /* of enum trace_category */
    bool json;
    int output;     /* a descriptor */
    uint64_t epoch; /* CLOCK_MONOTONIC, ns, of time stamp 0 */
} trace_state;

static inline bool trace_on(enum trace_category category)
{
    return __builtin_expect((trace_state.categories & category) != 0, 0);
}

/* Adds the categories of a list ("bind,tls", "all", "json"); `load` is the loader's and is ignored.
 * false: *wrong points to an unknown word. */
bool trace_parse(const char *list, const char **wrong);

/* Writes "uexec: 0.000123 STEP: TEXT", or with `json` an object with time, step, event, the fields
 * and text. `event` is one of the words that docs/json.md has for the step. */
__attribute__((cold, format(printf, 5, 6))) void trace_line(enum trace_category category,
                                                            const char *event,
                                                            const struct trace_field *fields,
                                                            size_t count, const char *format, ...);

/* trace(TRACE_TLS, "module", (FIELD_TEXT("object", title), FIELD_NUMBER("module", number)),
 *       "%s: module %zu", title, number): nothing is evaluated with the step off. */
#define trace(category, event, fields, ...)                                                        \
    do {                                                                                           \
        if (trace_on(category)) {                                                                  \
            const struct trace_field trace_fields[] = {TRACE_LIST fields};                         \
            trace_line(category, event, trace_fields, sizeof trace_fields / sizeof *trace_fields,  \
                       __VA_ARGS__);                                                               \
        }                                                                                          \
    } while (0)

#endif
