/* Lines that rt writes, and the text of the kernel's errors. */
#ifndef RT_SYSTEM_H
#define RT_SYSTEM_H

/* Writes one line and ends the process with 127, the status of a shell for a program that it cannot
 * start. */
__attribute__((noreturn)) void system_die(const char *text);

/* Writes one line. */
void system_say(const char *text);

/* The text of -errno: "No such file or directory"; "error N" for errors that a linker does not
 * meet. Static. */
const char *system_error(long answer);

#endif
