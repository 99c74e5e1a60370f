/* The choice of the linker: which file is loaded as a dynamic program's interpreter. */
#ifndef UEXEC_LINKER_H
#define UEXEC_LINKER_H

#include "base/problem.h"

#include <stdbool.h>

struct problem;
struct command;

/* --linker=WHO. */
enum linker_choice {
    LINKER_AUTO,   /* rt for a program that names musl's linker or rt, else the program's own */
    LINKER_RT,     /* rt */
    LINKER_INTERP, /* the linker that the program names (PT_INTERP) */
    LINKER_PATH,   /* a file */
};

struct linker {
    const char *path; /* for open(2); from malloc, or one of the arguments */
    bool is_rt;       /* it gets a hand-off (base/handoff.h) */
    const char
        *tool; /* uexec's file, if rt may still hand the program to its own linker; else NULL */
    bool lazy; /* as under the kernel, which starts rt, or where there is nobody else: what is
                  not defined is for its first call to say */

    /* LINKER_AUTO would have taken rt but did not find it: why, from malloc; else NULL */
    const char *missing;
};

/* Chooses the linker of a program whose PT_INTERP is `interpreter`. If it chooses rt, it searches
 * for rt beside the tool; if it does not find rt, LINKER_AUTO takes the program's own interpreter.
 * false: LINKER_RT without rt, or no memory; *problem. */
bool linker_choose(struct linker *linker, const struct command *command, const char *interpreter,
                   struct problem *problem);

/* Is the file rt, by its name? */
bool linker_is_rt(const char *path);

/* Would LINKER_AUTO replace this PT_INTERP, another libc's, by rt? */
bool linker_replaces(const char *interpreter);

/* Does this PT_INTERP name a linker whose programs rt links: musl's, or rt itself? */
bool linker_may_be_rt(const char *interpreter);

/* Is it glibc's linker? Its name is ld-linux*.so.* on every machine. */
bool linker_is_glibc(const char *interpreter);

/* `path` as an absolute path, from malloc if it is not one already. NULL and errno: no memory, no
 * working directory, or the path would be longer than PATH_MAX (ENAMETOOLONG). */
const char *linker_absolute(const char *path);

#endif
