/* The C library that rt serves: its half of base/linker.h. */
#ifndef RT_CLIENT_H
#define RT_CLIENT_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads size and alignment of libc-min's control block, bytes, if libc-min is loaded. false:
 * *problem, libc-min is of another version. */
bool client_read(size_t control[2], struct problem *problem);

/* Gives libc-min the table and lets it read the initial stack, once, if libc-min is loaded. false:
 * *problem. */
bool client_adopt(struct problem *problem);

/* Sets the least default size of threads' stacks, bytes. */
void client_stack_size(size_t size);

#endif
