/* What rt is started with, and by whom. */
#ifndef RT_START_H
#define RT_START_H

#include "object.h"

#include <elf.h>

/* The initial stack (psABI 3.4.1), taken apart. */
struct start {
    uint64_t *stack; /* argc is here */
    int argc;
    char **argv, **envp;
    Elf64_auxv_t *auxv;
    /* of the auxiliary vector */
    Elf64_auxv_t *phdr, *phnum, *entry, *base, *execfn, *handoff, *vdso; /* NULL: not there */
    bool secure;

    /* from the hand-off */
    const char *linker_path; /* NULL: not told */
    long ready, reader;      /* --maps: a socket, and who reads it; -1: nobody */
    long stop;               /* --stop: a signal to be raised; 0: go on */
    char *stop_line;         /* ... what is to be said before it, "": nothing */
    const char *rules;       /* whose are to be kept; NULL: those of its linker */
    bool verbose;            /* -v */
    bool lazy;               /* --bind=lazy: what is not defined is not looked for at start */
    size_t again, tail; /* the strings behind the hand-off, with which uexec is started once more,
                           and how many of the program's last arguments follow; 0, 0: not */
    char *again_strings;
    long report; /* a descriptor that is open for uexec; -1: none */

    /* what is asked for */
    bool bind_now, list;
    const char *preload;
    const char *argv0;
    uintptr_t program_entry; /* where to go */
};

/* Takes the initial stack apart. */
void start_read_stack(struct start *start, uint64_t *stack);

/* Reads the variables that are rt's (ld.so(8)); in secure execution they are dropped, for children
 * too. */
void start_read_environment(struct start *start);

/* Moves all that is on the stack from `from` to the end of the auxiliary vector down to `to`: words
 * that were there are taken away, and the stack pointer stays aligned. */
void start_shift(struct start *start, char *from, char *to);

/* Reads uexec's hand-off, which stays on the stack; its lines are ended with NUL. handoff.c, as the
 * next.
 */
void handoff_read(struct start *start);

/* uexec --linker=auto: nothing of the program has run, and uexec starts it again under its own
 * linker. Returns why if that cannot be done: -errno. */
long handoff_start_again(const struct start *start);

/* uexec --maps: its reader looks now. */
void handoff_ready(const struct start *start);

/* uexec --stop: a debugger looks now; it finds all objects in r_debug. */
void handoff_stop(const struct start *start);

/* `ld-uexec.so.1 [OPTION]... PROGRAM [ARG]...`: reads the options, maps the program and makes the
 * stack what it would be if the kernel had done so. Ends the process if there is nothing to run. */
struct object *command_start(struct start *start);

/* What --list does with a library that is not found. */
void command_missing(const char *name);

/* Prints what ldd(1) prints, and ends. `alone`: the program is static. */
_Noreturn void command_list(bool alone);

#endif
