/* The steps that --trace and UEXEC_TRACE report: named once, for uexec and for rt.
 *
 * A new step is a bit and a name here, trace(TRACE_..., ...) where it happens, and a word in
 * the help of loader/options.c, in docs/uexec.1 and in docs/uexec.bash, which tests/build.bats holds
 * against each other. */
#ifndef BASE_TRACE_STEPS_H
#define BASE_TRACE_STEPS_H

enum trace_category {
    TRACE_LOAD = 1 << 0, /* uexec's; all others are rt's */
    TRACE_SEARCH = 1 << 1,
    TRACE_RELOC = 1 << 2,
    TRACE_BIND = 1 << 3,
    TRACE_TLS = 1 << 4,
    TRACE_INIT = 1 << 5,
    TRACE_DL = 1 << 6,
};

enum { TRACE_STEPS = 7, TRACE_ALL = (1 << TRACE_STEPS) - 1, TRACE_LINKER = TRACE_ALL & ~TRACE_LOAD };

/* The name of bit N is number N. */
extern const char trace_step_names[TRACE_STEPS][8];

/* Reads a list of names, separated by commas; "all" is all steps. `also`: one more word that may be
 * in it, and is no step. Returns the steps; *wrong is the first word that is not known, to the next
 * comma or the end, or NULL. */
unsigned trace_steps_read(const char *list, const char *also, const char **wrong);

#endif
