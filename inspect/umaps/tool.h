/* umaps: what all its commands use. */
#ifndef UMAPS_TOOL_H
#define UMAPS_TOOL_H

#include "base/problem.h"
#include "inspect/table.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A command: its name, the arguments that --help shows, its work. run() gets argv from its name on
 * and returns the exit status. */
struct tool_command {
    const char *name;
    const char *arguments;
    const char *what;
    int (*run)(int argc, char **argv);
};

int show_main(int argc, char **argv);
int record_main(int argc, char **argv);
int diff_main(int argc, char **argv);
int report_main(int argc, char **argv);
int html_main(int argc, char **argv);

/* Writes "umaps: SUBJECT: TEXT" to standard error, as one line that is safe for a terminal.
 * `subject` NULL: without it. Returns `status`. */
__attribute__((format(printf, 3, 4))) int tool_error(int status, const char *subject,
                                                     const char *format, ...);

/* Prints the problem about `subject`; returns its status. */
int tool_problem(const char *subject, const struct problem *problem);

/* getopt_long(3) with this tool's messages. '?': the option is wrong, and reported. */
int tool_option(int argc, char **argv, const char *letters, const struct option *options);

/* Reads --color=WHEN. false: reported. */
bool tool_coloring(const char *word, enum table_coloring *coloring);

/* Reads an address: hexadecimal with or without "0x". false: it is none. */
bool tool_address(const char *text, uint64_t *address);

/* Reads a process number. false: it is none. */
bool tool_pid(const char *text, pid_t *pid);

/* Flushes standard output and closes it; a full disk or the like is reported. Returns `status`, or
 * 125. */
int tool_finish(int status);

#endif
