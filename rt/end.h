/* How rt ends a process that it cannot go on with. */
#ifndef RT_END_H
#define RT_END_H

#include "base/problem.h"

/* Writes "ld-uexec.so.1: PROGRAM: TEXT" and ends the process with 127, where there is nobody to
 * return an error to. Uses little of the stack: it may be a signal handler's, and small. */
_Noreturn void problem_end(const struct problem *problem);

#endif
