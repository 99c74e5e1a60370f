/* What never changes once the program runs. These words decide where rt searches, which functions
 * it calls and where its list begins. They are in pages of their own, which become read-only at the
 * end of start, so that a stray write of the program cannot change them. */
#ifndef RT_FIXED_H
#define RT_FIXED_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

struct linker;
struct linker_client;
struct object;
struct rules;

struct fixed {
    /* the list's heads: the program, NULL until there is one; rt; libc-min, NULL if none is loaded
     */
    struct object *program, *linker, *libc;

    /* whose rules the program keeps */
    const struct rules *rules;

    /* between libc-min and rt (base/linker.h); client NULL: not adopted, or not there */
    const struct linker *table;
    const struct linker_client *client;

    /* what the search goes by */
    struct {
        const char *library_path; /* LD_LIBRARY_PATH, or NULL; NULL too where AT_SECURE is set */
        const char *linker;       /* the path of ld-uexec.so.1; NULL: not known */
        const char *program; /* the program's file, for its $ORIGIN; NULL: /proc/self/exe is it */
        const char *program_name; /* AT_EXECFN, used if neither is available */
        bool secure;              /* AT_SECURE: no $ORIGIN */
    } search;

    const char *interpreter; /* PT_INTERP of the program; NULL: none */
    bool told;               /* uexec has started rt: messages name uexec's options */
    bool bind_now;           /* LD_BIND_NOW, for what dlopen() brings too */
    bool text_relocations;   /* DT_TEXTREL is taken, not refused */
};

extern struct fixed fixed;

/* Makes fixed read-only, at the end of start. false: *problem. */
bool fixed_close(struct problem *problem);

/* Makes fixed writable until fixed_close(), because dlopen() may load the process's first libc-min.
 * Under the linker's lock. false: *problem. */
bool fixed_open(struct problem *problem);

#endif
