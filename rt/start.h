/* How rt was started: the initial stack, uexec's hand-off, options. */
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
    long ready, reader;      /* --maps: a socket, and the process that reads it; -1: none */
    long stop;               /* --stop: the signal to raise; 0: none */
    char *stop_line;         /* ... the line to write before it; "": none */
    const char *rules;       /* --rules; NULL: those of the program's linker */
    bool verbose;            /* -v */
    bool lazy;               /* --bind=lazy: undefined functions are not searched for at start */
    size_t again, tail; /* the strings behind the hand-off, with which uexec is started once more,
                           and how many of the program's last arguments follow; 0, 0: not */
    char *again_strings;
    long report; /* the report's descriptor, open for uexec; -1: none */

    /* what is asked for */
    bool bind_now, list;
    const char *preload;
    const char *argv0;
    uintptr_t program_entry; /* where to go */
};

/* Takes the initial stack apart. */
void start_read_stack(struct start *start, uint64_t *stack);

/* Reads rt's environment variables (ld.so(8)). In secure execution it removes them, so that
 * children do not get them either. */
void start_read_environment(struct start *start);

/* Moves the stack's contents from `from` to the end of the auxiliary vector down to `to`. This
 * removes the words in between and keeps the stack pointer aligned. */
void start_shift(struct start *start, char *from, char *to);

/* Reads uexec's hand-off, which stays on the stack with its lines ended by NUL. In handoff.c, as
 * the next three. */
void handoff_read(struct start *start);

/* uexec --linker=auto: starts uexec again, so that the program runs under its own linker; nothing
 * of the program has run. Returns -errno if that fails. */
long handoff_start_again(const struct start *start);

/* uexec --maps: lets the reader look, and waits for it. */
void handoff_ready(const struct start *start);

/* uexec --stop: stops for a debugger, which finds all objects in r_debug. */
void handoff_stop(const struct start *start);

/* `ld-uexec.so.1 [OPTION]... PROGRAM [ARG]...`: reads the options, maps the program, and makes the
 * stack as the kernel would have for that program. Ends the process if there is nothing to run. */
struct object *command_start(struct start *start);

/* --list: reports a library that is not found. */
void command_missing(const char *name);

/* Prints what ldd(1) prints, and ends. `alone`: the program is static. */
_Noreturn void command_list(bool alone);

#endif
