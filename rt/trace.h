/* --trace: steps as they happen, a line each. With a category off nothing of this is called; for
 * binding there is another resolver (lazy.c). */
#ifndef RT_TRACE_H
#define RT_TRACE_H

#include "base/trace_steps.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From the hand-off (handoff.c), the environment or the command line. */
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

/* Adds the categories of a list, "bind,tls", "all", "json"; `load` is the loader's and passed over.
 * false: an unknown word, whose start *wrong is. */
bool trace_parse(const char *list, const char **wrong);

/* One more field of a JSON line. */
struct trace_field {
    const char *name;
    const char *text; /* NULL: a number */
    uint64_t number;
    bool hex; /* as a string, "0x1234" */
};

/* Writes "uexec: 0.000123 STEP: TEXT", or with `json` an object with time, step, text and the
 * fields. */
__attribute__((format(printf, 4, 5))) void trace_line(enum trace_category category,
                                                      const struct trace_field *fields,
                                                      size_t count, const char *format, ...);

#define trace(category, ...)                                                                       \
    (trace_on(category) ? trace_line(category, NULL, 0, __VA_ARGS__) : (void)0)

#endif
