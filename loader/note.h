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
 *     trace search,reloc,bind,tls,init,dl      steps to be reported; absent: none
 *     json                                     ... as JSON, an object on a line
 *     output 240                               ... to this descriptor; absent: to 2
 *     epoch 123456789012                       ... timed from here: CLOCK_MONOTONIC, ns
 *     rules musl                               --rules: whose are kept; absent: those of the
 *                                              linker that the program names
 *     textrel                                  --textrel=allow
 *     lazy                                     --bind=lazy: start, whatever is not defined
 *     verbose                                  -v
 *     again 3 2                                --linker=auto may still be another one; see below
 *     report 240                               ... and this descriptor, of the report, is open for
 *                                              that; without `output` only, which then is it
 *     ready 7 4242                             --maps: a reader waits; see below
 *     stop 19 TEXT                             --stop: a signal's number; see below
 *
 * A word that is not known is to be skipped.  `json`, `textrel`, `lazy` and `verbose` have no
 * value.
 *
 * ready FD PID: when all objects are linked, and before the first constructor, rt
 * writes one byte to the socket FD, reads from it until end of file, closes it, and
 * waits for PID with wait4(PID, NULL, __WALL, NULL).
 *
 * again COUNT TAIL: behind the text's NUL there are 1 + COUNT strings, each with a NUL: uexec's
 * file; its argv up to the program's name, the TAIL arguments after which are the last of the
 * program's. If a symbol is not defined, and before anything of the program runs, rt starts uexec's
 * file with these and, after the first, NOTE_AGAIN with the report's descriptor (2: there is none):
 * the program is then linked by its own interpreter. Else rt closes that descriptor when all is
 * linked.
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

/* The option with which rt starts uexec again: whatever --linker says, the program's own. */
#define NOTE_AGAIN_NAME "own-interpreter"
#define NOTE_AGAIN      "--" NOTE_AGAIN_NAME "="

struct stopping;

struct note {
    const char *linker;          /* absolute */
    const char *program;         /* the ELF image's file */
    unsigned trace;              /* TRACE_*: the linker's steps (trace.h) */
    bool json;                   /* the three are of use with a trace only */
    int output;                  /* -1: standard error */
    uint64_t epoch;              /* ns */
    const struct stopping *stop; /* --stop; NULL: go on */
    const char *rules;           /* --rules; NULL: not given */
    bool textrel, lazy, verbose;
    int report;         /* the report's descriptor, for that; -1: there is none */
    const char *tool;   /* uexec's file, to be started again; NULL: not */
    char *const *again; /* ... with these */
    size_t again_count; /* ... so many */
    size_t again_tail;  /* ... and so many of the program's last */
};

/* Bytes that the text may take, NUL included, whatever note_write() is told. */
size_t note_room(const struct note *note);

/* Write it.  `ready` and `reader` are --maps' socket and child; -1: none. */
void note_write(const struct note *note, int ready, int reader, char *to);

#endif
