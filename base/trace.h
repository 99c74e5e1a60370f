/* Traces: the steps that --trace and UEXEC_TRACE report, and the form of a line, for uexec and for
 * rt. CONTRIBUTING.md lists what a new step (a trace category) needs. */
#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trace_category {
    TRACE_LOAD = 1 << 0, /* uexec's; all others are rt's */
    TRACE_SEARCH = 1 << 1,
    TRACE_RELOC = 1 << 2,
    TRACE_BIND = 1 << 3,
    TRACE_TLS = 1 << 4,
    TRACE_INIT = 1 << 5,
    TRACE_DL = 1 << 6,
    TRACE_MALLOC = 1 << 7, /* libc-min's, written by rt */
};

enum {
    TRACE_STEPS = 8,
    TRACE_ALL = (1 << TRACE_STEPS) - 1,
    TRACE_LINKER = TRACE_ALL & ~TRACE_LOAD
};

/* The name of bit N is number N. */
extern const char trace_step_names[TRACE_STEPS][8];

/* Reads a list of names, separated by commas; "all" is all steps. `also`: one more word that may be
 * in it, and is no step. Returns the steps; *wrong is the first word that is not known, to the next
 * comma or the end, or NULL. */
unsigned trace_steps_read(const char *list, const char *also, const char **wrong);

/* A field of a JSON line besides time, step, event and text. */
struct trace_field {
    const char *name;
    enum { TRACE_TEXT, TRACE_NUMBER, TRACE_ADDRESS } kind;
    const char *text; /* TRACE_TEXT; NULL: null */
    uint64_t number;  /* TRACE_ADDRESS: a string, "0x1234", because JSON's numbers end at 2^53 */
};
#define FIELD_TEXT(field, value)                                                                   \
    {                                                                                              \
        .name = (field), .kind = TRACE_TEXT, .text = (value)                                       \
    }
#define FIELD_NUMBER(field, value)                                                                 \
    {                                                                                              \
        .name = (field), .kind = TRACE_NUMBER, .number = (value)                                   \
    }
#define FIELD_ADDRESS(field, value)                                                                \
    {                                                                                              \
        .name = (field), .kind = TRACE_ADDRESS, .number = (value)                                  \
    }

#define TRACE_LIST(...) __VA_ARGS__

/* A line of a trace. */
struct trace_event {
    unsigned step;     /* its number: of trace_step_names */
    const char *event; /* one of the step's words in docs/json.md */
    bool timed;        /* false: the writer cannot read a clock; '-' or null */
    uint64_t time;     /* since the trace began, us */
    const struct trace_field *fields;
    size_t count;
    char *text; /* the sentence; made printable */
};

/* Writes "uexec: 0.000123 STEP: TEXT\n", or with `json` an object with time, step, event, the
 * fields and text, and a newline. What does not fit is cut, but for the newline. Returns the
 * length; there is no NUL. */
size_t trace_event_line(char *to, size_t room, const struct trace_event *event, bool json);

/* The bytes that its line needs at most. */
size_t trace_event_room(const struct trace_event *event);

#endif
