/* The command line of uexec. */
#ifndef UEXEC_OPTIONS_H
#define UEXEC_OPTIONS_H

#include "base/problem.h"
#include "inspect/table.h"
#include "linker.h"

#include <stdbool.h>
#include <stddef.h>

struct problem;

enum options_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
    bool maps, dry_run, compare, no_aslr, stop, json, verbose;
    bool help, version;
    bool about;               /* --verbose, and nothing to be said of a program */
    unsigned trace;           /* TRACE_* */
    const char *trace_linker; /* the first of rt's steps that is asked for by name; NULL: none */
    enum linker_choice linker;
    const char *linker_path;     /* LINKER_PATH's */
    const char *bind;            /* "lazy", "now" or NULL */
    const char *rules;           /* "musl", "glibc" or NULL: those of the linker that it names */
    const char *textrel;         /* "refuse", "allow" or NULL */
    const char *own_interpreter; /* HANDOFF_AGAIN's value; NULL: not started again by rt */
    const char *argv0;           /* NULL: the program's name */
    const char *output;          /* a file's name, "-"; NULL: none is given */
    const char *preload, *library_path;
    enum options_color color;
    char **environment; /* NAME=VALUE strings, in order */
    size_t environment_count;
    char **program; /* the rest: program and its arguments; *program NULL: none */
};

/* Read options up to the program's name.  false: *problem, status 125. */
bool options_parse(struct options *options, int argc, char **argv, struct problem *problem);

/* The help text, made from the table of options. */
void options_help(const struct table_style *style);

/* The program's argv with --argv0's NAME; from malloc, because the tool's own argv
 * has to stay as it is.  NULL: no memory. */
char **options_argv(const struct options *options);

/* The program's environment: `envp` with what the options add or replace; from
 * malloc.  NULL: no memory. */
char **options_environment(const struct options *options, char **envp);

#endif
