/* The note: what the loader says to rt, this project's dynamic linker.
 *
 * It is a text on the new stack, and AT_UEXEC in the auxiliary vector is its
 * address.  Nobody else sees it: another linker gets none, nothing of it is in the
 * environment or in /proc/PID/auxv, and rt turns the entry into AT_IGNORE before
 * the program runs.
 *
 * The text is lines, each a word, a blank, a value and a newline, and ends in NUL:
 *
 *     linker /absolute/path/of/ld-uexec.so.1   its own file; always there
 *     program ./prog                           the image's file as it was opened, for $ORIGIN:
 *                                              /proc/self/exe may be uexec; absent: a line's
 *                                              end is in it
 *     trace search,reloc,bind,tls,init         steps to be reported; absent: none
 *     json                                     ... as JSON, an object on a line
 *     output 240                               ... to this descriptor; absent: to 2
 *     epoch 123456789012                       ... timed from here: CLOCK_MONOTONIC, ns
 *     ready 7 4242                             --maps: a reader waits; see below
 *     stop 19 TEXT                             --stop: a signal's number; see below
 *
 * A word that is not known is to be skipped.  `json` has no value.
 *
 * ready FD PID: when all objects are linked, and before the first constructor, rt
 * writes one byte to the socket FD, reads from it until end of file, closes it, and
 * waits for PID with wait4(PID, NULL, __WALL, NULL).
 *
 * stop NUMBER TEXT: after that rt writes TEXT, if there is one, and a newline to standard
 * error, and raises the signal; it ignores what a tracer passes on of it. */
#ifndef UEXEC_NOTE_H
#define UEXEC_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* a_type of the note: "UEXE".  The kernel's are small numbers, none near it. */
#define AT_UEXEC 0x55455845

struct stopping;

struct note {
    const char *linker;          /* absolute */
    const char *program;         /* the ELF image's file */
    unsigned trace;              /* TRACE_*: the linker's steps (trace.h) */
    bool json;                   /* the three are of use with a trace only */
    int output;                  /* -1: standard error */
    uint64_t epoch;              /* ns */
    const struct stopping *stop; /* --stop; NULL: go on */
};

/* Bytes that the text may take, NUL included, whatever note_write() is told. */
size_t note_room(const struct note *note);

/* Write it.  `ready` and `reader` are --maps' socket and child; -1: none. */
void note_write(const struct note *note, int ready, int reader, char *to);

#endif
