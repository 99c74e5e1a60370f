/* What rt says of itself and of the kernel's answers. */
#ifndef RT_SYSTEM_H
#define RT_SYSTEM_H

/* Writes one line and ends the process with 127, as a shell does for a program that it cannot
 * start. */
__attribute__((noreturn)) void system_die(const char *text);

/* Writes one line. */
void system_say(const char *text);

/* "No such file or directory" of -ENOENT; "error N" of what a linker does not meet. Static. */
const char *system_error(long answer);

#endif
