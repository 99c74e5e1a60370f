/* From a name to images that are ready to be mapped: what execve(2) does before
 * it touches the address space. */
#ifndef UEXEC_LAUNCH_H
#define UEXEC_LAUNCH_H

#include "base/problem.h"
#include "elf/plan.h"
#include "inspect/image.h"
#include "linker.h"

#include <sys/types.h>

/* What is asked for. */
struct request {
    const char *program; /* as the user wrote it */
    char **argv;         /* the program's, argv[0] included, NULL at the end */
    char **envp;         /* its environment, NULL at the end */
    enum linker_choice linker;
    const char *linker_path; /* LINKER_PATH's file */
    const char *tool;        /* uexec's own file as it was started (AT_EXECFN) */
};

/* Quirk (kernel): a script may name a script, five times over; seen by running
 * a chain of six.  The sixth file is the ELF image. */
enum { LAUNCH_FILES = 6 };

struct handoff;
struct identity;

struct launch {
    /* filled by launch_open() */
    struct {
        const char *path;
        const char *format; /* "an ELF image" */
        dev_t device;       /* which file it is: a report must not go there */
        ino_t inode;
    } files[LAUNCH_FILES + 1]; /* as they were followed; the interpreter last */
    size_t file_count;
    const char *execfn; /* the file's name as execve would get it: AT_EXECFN */
    char **asked_argv;  /* the request's, which execve would be given */
    char **argv;        /* a script's interpreter and argument put in front */
    char **envp;
    struct image program; /* an ELF image; a script's interpreter at the end */
    struct image interpreter;
    mode_t mode; /* of the program's file: set-user-ID and set-group-ID bits have no effect */
    bool has_interpreter;
    bool has_rt;            /* the interpreter is rt, and chosen as such */
    const char *tool;       /* linker.h's: uexec's file; NULL: the choice of the linker is made */
    bool lazy;              /* linker.h's */
    const char *rt_missing; /* it should be, and is not found: why; NULL: it is not missing */

    /* filled by the caller: what the program's credentials are to be */
    const struct identity *identity;

    /* filled by the caller when reports are open; what rt is told.  NULL: nothing */
    const struct handoff *handoff;
};

/* Find the program (a name without a slash in the PATH of request->envp, as
 * the shells do it), follow `#!` lines, read, check and plan it and its interpreter.
 * Nothing is mapped.  false: *problem, with the status for it. */
bool launch_open(struct launch *launch, const struct request *request, struct problem *problem);

/* Put "interpreter PATH: " in front of what is wrong.  false. */
__attribute__((cold)) bool launch_blame(const char *path, struct problem *problem);

/* What a format's load makes of a file: the name to open next, or an image. */
struct candidate {
    const char *path; /* as execve would get it */
    int fd;
    uint64_t size;
    dev_t device;
    ino_t inode;
    mode_t mode;
    const char *head; /* the file's start, zero-filled to its full length */
    size_t head_length;
};

/* The formats that can be run, in the order in which they are tried.  load()
 * sets *next to the path of the file to be run instead, or to NULL when the
 * image of `launch` is complete. */
struct format {
    const char *name;
    bool (*matches)(const struct candidate *candidate);
    bool (*load)(struct launch *launch, const struct candidate *candidate, const char **next,
                 struct problem *problem);
};

extern const struct format format_script;

#endif
