/* What is wrong, and how the user is told. */
#ifndef UEXEC_MESSAGE_H
#define UEXEC_MESSAGE_H

#include <stdbool.h>

/* Exit statuses, as env(1) and the shells use them. */
enum {
    STATUS_USAGE = 125,     /* uexec itself was used wrongly, or failed */
    STATUS_UNUSABLE = 126,  /* the program is there and cannot be run */
    STATUS_NOT_FOUND = 127, /* the program is not there */
};

/* The first thing found wrong; functions that can fail fill one and return
 * false.  `text` is one line without a newline. */
struct problem {
    int status;
    char text[1024];
};

/* Fill *problem.  Cold, as message() is: the compiler puts the paths that lead here apart, and
 * hot.ld leaves them out of what every run reads. */
__attribute__((cold, format(printf, 3, 4))) void problem_fill(struct problem *problem, int status,
                                                              const char *format, ...);

/* Fill *problem and be false, so that a check is one statement:
 *     if (bad)
 *         return problem_set(problem, STATUS_UNUSABLE, "what (%d)", value); */
#define problem_set(...) (problem_fill(__VA_ARGS__), false)

/* Write "uexec: SUBJECT: TEXT" to standard error in one write(2), control
 * characters of the subject shown as '?'; SUBJECT may be NULL. */
__attribute__((cold, format(printf, 2, 3))) void message(const char *subject, const char *format,
                                                         ...);

/* Names come from files and from the command line: bytes that would move a
 * terminal's cursor or break the line, and what is no UTF-8, become '?', in place.  Returns `text`.
 */
char *message_printable(char *text);

/* The text of an errno value, as perror(3) gives it. */
const char *message_errno(int error);

#endif
