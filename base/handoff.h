/* The hand-off: a text by which uexec instructs rt, this project's dynamic linker.
 *
 * The text is on the new stack; AT_UEXEC in the auxiliary vector is its address. No one else sees
 * it: another linker gets none, the environment and /proc/PID/auxv do not contain it, and rt turns
 * the entry into AT_IGNORE before the program runs.
 *
 * The text ends in NUL. Each of its lines is a word, a blank, a value and a newline; `json`,
 * `textrel`, `lazy` and `verbose` have no value. A word that is not known is skipped.
 *
 *     linker /absolute/path/of/ld-uexec.so.1   rt's own file; always there
 *     program ./prog                           the name that opened the ELF image, for $ORIGIN:
 *                                              /proc/self/exe may be uexec's; absent: newline in it
 *     trace search,reloc,bind,tls,init,dl,malloc      the steps to report; absent: none
 *     json                                     ... as JSON, an object on a line
 *     output 240                               ... to this descriptor; absent: to 2
 *     epoch 123456789012                       ... timed from here: CLOCK_MONOTONIC, ns
 *     rules musl                               --rules: whose rules rt keeps; absent: those of the
 *                                              linker that the program names
 *     textrel                                  --textrel=allow
 *     lazy                                     --bind=lazy: start in spite of undefined names
 *     verbose                                  -v
 *     again 3 2                                another linker may link it (--linker=auto); see
 * below report 240                               the report's descriptor, open for that; only where
 *                                              there is no `output`
 *     ready 7 4242                             --maps: a reader waits; see below
 *     stop 19 TEXT                             --stop: a signal's number; see below
 *
 * ready FD PID: when all objects are linked, and before the first constructor, rt writes one byte
 * to the socket FD, reads from it until end of file, closes it, and waits for PID with wait4(PID,
 * NULL, __WALL, NULL).
 *
 * again COUNT TAIL: 1 + COUNT strings follow the text's NUL, each with a NUL: uexec's file; uexec's
 * argv up to the program's name. The program's last TAIL arguments complete that argv. If a symbol
 * is not defined, rt starts uexec's file with this argv before anything of the program runs, and
 * inserts HANDOFF_AGAIN with the report's descriptor (2: none) after argv[0]: the program's own
 * interpreter then links it. Otherwise rt closes that descriptor when all is linked.
 *
 * stop NUMBER TEXT: after `ready`, rt writes TEXT, if there is one, and a newline to standard
 * error, and raises the signal; rt ignores what a tracer passes on of it. */
#ifndef BASE_HANDOFF_H
#define BASE_HANDOFF_H

/* a_type of the entry: "UEXE". The kernel's types are small numbers, none near it. */
#define AT_UEXEC 0x55455845

/* The option with which rt starts uexec again: the program's own interpreter, whatever --linker
 * says. */
#define HANDOFF_AGAIN_NAME "own-interpreter"
#define HANDOFF_AGAIN      "--" HANDOFF_AGAIN_NAME "="

#endif
