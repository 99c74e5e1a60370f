/* Who links a dynamic program: the file that is loaded as its interpreter. */
#ifndef UEXEC_LINKER_H
#define UEXEC_LINKER_H

#include "base/problem.h"

#include <stdbool.h>

struct problem;
struct request;

/* --linker=WHO. */
enum linker_choice {
    LINKER_AUTO,   /* rt for what names musl's linker or rt, else the program's own */
    LINKER_RT,     /* this project's */
    LINKER_INTERP, /* the one that the program names (PT_INTERP) */
    LINKER_PATH,   /* a file */
};

struct linker {
    const char *path; /* as it is opened; from malloc, or one of the arguments */
    bool is_rt;       /* it gets a hand-off (base/handoff.h) */
    const char *tool; /* uexec's file, where another choice is still open; else NULL */
    bool lazy; /* as under the kernel, which starts rt, or where there is nobody else: what is
                  not defined is for its first call to say */

    /* LINKER_AUTO would have taken rt, which is not found: why, from malloc; NULL: not so */
    const char *missing;
};

/* Choose for a program whose PT_INTERP is `interpreter`.  rt is looked for beside the tool, and
 * only if it is chosen; where it is not found, LINKER_AUTO takes the program's own interpreter.
 * false: LINKER_RT, and it is not found, or no memory; *problem. */
bool linker_choose(struct linker *linker, const struct request *request, const char *interpreter,
                   struct problem *problem);

/* Is the file rt, by its name? */
bool linker_is_rt(const char *path);

/* Would LINKER_AUTO replace this PT_INTERP, another libc's, by rt? */
bool linker_replaces(const char *interpreter);

/* Is this PT_INTERP one whose programs rt links: musl's linker, or rt? */
bool linker_may_be_rt(const char *interpreter);

/* Is it glibc's linker?  By its name, which is ld-linux*.so.* on each machine. */
bool linker_is_glibc(const char *interpreter);

/* `path` from the root; from malloc if it is not that already.  NULL: no memory, or
 * no working directory. */
const char *linker_absolute(const char *path);

#endif
