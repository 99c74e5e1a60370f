/* Messages to the user. */
#ifndef LOADER_MESSAGE_H
#define LOADER_MESSAGE_H

/* Writes "uexec: SUBJECT: TEXT" to standard error in one write(2), made printable
 * (text_printable()). SUBJECT may be NULL. */
__attribute__((cold, format(printf, 2, 3))) void message(const char *subject, const char *format,
                                                         ...);

/* The text of an errno value, as in perror(3). */
const char *message_errno(int error);

#endif
