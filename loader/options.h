/* The command line of uexec. */
#ifndef UEXEC_OPTIONS_H
#define UEXEC_OPTIONS_H

#include "base/problem.h"
#include "inspect/table.h"
#include "linker.h"

#include <stdbool.h>
#include <stddef.h>

struct problem;

struct options {
    bool maps, dry_run, compare, no_aslr, stop, json, verbose;
    bool help, version;
    bool about;               /* --verbose without a program */
    unsigned trace;           /* TRACE_* */
    const char *trace_linker; /* the first of rt's steps that --trace names; NULL: none */
    enum linker_choice linker;
    const char *linker_path; /* LINKER_PATH's file */
    const char *bind;        /* "lazy", "now" or NULL */
    const char *rules; /* "musl", "glibc" or NULL: the rules of the linker that the program names */
    const char *textrel;         /* "refuse", "allow" or NULL */
    const char *own_interpreter; /* HANDOFF_AGAIN's value; NULL: not started again by rt */
    const char *argv0;           /* NULL: the program's name */
    const char *output;          /* a file's name or "-"; NULL: not given */
    const char *preload, *library_path;
    enum table_coloring color;
    char **environment; /* NAME=VALUE strings, in order */
    size_t environment_count;
    char **program; /* the program and its arguments; *program NULL: none */
};

/* Reads the options up to the program's name. false: *problem, status 125. */
bool options_parse(struct options *options, int argc, char **argv, struct problem *problem);

/* Prints the help, from the table of options. */
void options_help(const struct table_style *style);

/* The program's argv with --argv0's NAME, from malloc, because the tool's own argv must not change.
 * NULL: no memory. */
char **options_argv(const struct options *options);

/* The program's environment: `envp` with the options' additions and changes, from malloc; `envp`
 * itself if there are none. NULL: no memory. */
char **options_environment(const struct options *options, char **envp);

#endif
