/* How the user is told. */
#ifndef LOADER_MESSAGE_H
#define LOADER_MESSAGE_H

/* Write "uexec: SUBJECT: TEXT" to standard error in one write(2), made printable
 * (text_printable()); SUBJECT may be NULL. */
__attribute__((cold, format(printf, 2, 3))) void message(const char *subject, const char *format,
                                                         ...);

/* The text of an errno value, as perror(3) gives it. */
const char *message_errno(int error);

#endif
