/* The C library that rt serves: what it has for its linker (base/linker.h). */
#ifndef RT_CLIENT_H
#define RT_CLIENT_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads what libc-min, if it is loaded, says of its control block: {size, alignment}, bytes. false:
 * *problem, it is of another version. */
bool client_read(size_t control[2], struct problem *problem);

/* Gives libc-min, if it is loaded, the table, and has it take what it needs of the initial stack;
 * once. false: *problem. */
bool client_adopt(struct problem *problem);

/* Threads' stacks are to be this large at least by default, bytes. */
void client_stack_size(size_t size);

#endif
