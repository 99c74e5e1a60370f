/* From a name to images that are ready to be mapped: the part of execve(2) before it touches the
 * address space. */
#ifndef UEXEC_LAUNCH_H
#define UEXEC_LAUNCH_H

#include "base/problem.h"
#include "elf/plan.h"
#include "inspect/image.h"
#include "linker.h"

#include <sys/types.h>

/* The request: program, arguments, environment, linker. */
struct command {
    const char *program; /* as the user wrote it */
    char **argv;         /* the program's, argv[0] included, NULL at the end */
    char **envp;         /* its environment, NULL at the end */
    enum linker_choice linker;
    const char *linker_path; /* LINKER_PATH's file */
    const char *tool;        /* uexec's own file as it was started (AT_EXECFN) */
};

/* Quirk (kernel): a script may name a script, up to five of them in a chain (seen by running a
 * chain of six). The sixth file is the ELF image. */
enum { LAUNCH_FILES = 6 };

struct handoff;
struct identity;

struct launch {
    /* filled by launch_open() */
    struct {
        const char *path;
        const char *format; /* "an ELF image" */
        dev_t device;       /* identifies the file: a report must not overwrite it */
        ino_t inode;
    } files[LAUNCH_FILES + 1]; /* in the order of opening; the interpreter is the last */
    size_t file_count;
    const char *execfn; /* the file's name as execve would get it: AT_EXECFN */
    char **asked_argv;  /* the request's, as execve would get it */
    char **argv;        /* with a script's interpreter and argument in front */
    char **envp;
    struct image program; /* an ELF image; for a script, the last interpreter */
    struct image interpreter;
    mode_t mode; /* of the program's file; its set-user-ID and set-group-ID bits have no effect */
    bool has_interpreter;
    bool has_rt;            /* the interpreter is rt, by choice and not as a mere file */
    const char *tool;       /* struct linker's */
    bool lazy;              /* struct linker's */
    const char *rt_missing; /* why rt was not found, where it should link; NULL: not missing */

    /* filled by the caller: the program's credentials */
    const struct identity *identity;

    /* filled by the caller when reports are open: the hand-off to rt; NULL: none */
    const struct handoff *handoff;
};

/* Finds the program (a name without a slash in the PATH of command->envp, as shells do), follows
 * `#!` lines, and reads, checks and plans the program and its interpreter. Maps nothing. false:
 * *problem, with its status. */
bool launch_open(struct launch *launch, const struct command *command, struct problem *problem);

/* Puts "interpreter PATH: " in front of *problem. Returns false. */
__attribute__((cold)) bool launch_blame(const char *path, struct problem *problem);

/* A file that is open for execution. */
struct executable {
    const char *path; /* as execve would get it */
    int fd;
    uint64_t size;
    dev_t device;
    ino_t inode;
    mode_t mode;
    const char *head; /* the file's first bytes, zero-filled */
    size_t head_length;
};

/* A format of executable files. load() sets *next to the path of the file to run instead, or to
 * NULL when the image of `launch` is complete. */
struct format {
    const char *name;
    bool (*matches)(const struct executable *executable);
    bool (*load)(struct launch *launch, const struct executable *executable, const char **next,
                 struct problem *problem);
};

extern const struct format format_script;

#endif
