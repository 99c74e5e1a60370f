/* Ending a process that rt cannot start or continue. */
#ifndef RT_END_H
#define RT_END_H

#include "base/problem.h"

/* Writes "ld-uexec.so.1: PROGRAM: TEXT" and ends the process with 127, where no caller can take an
 * error. Uses little stack: the stack may be a signal handler's. */
_Noreturn void problem_end(const struct problem *problem);

#endif
