/* dlfcn.h at run time, and the table that libc-min asks (libc-min/include/linker.h). */
#ifndef RT_DL_H
#define RT_DL_H

#include "base/problem.h"
#include "object.h"

struct linker_client;

/* Hands the table to libc-min, if it has been loaded: writes its __linker, and has it take what it
 * needs of the initial stack. `control`, if not NULL, only reads what the libc says of its control
 * block: {size, align}. false: *problem, it is of another version. */
bool dl_adopt(size_t control[2], struct problem *problem);

/* Threads' stacks are to be this large at least by default, bytes. */
void dl_stack_size(size_t size);

/* What libc-min is asked; NULL: it has not been adopted. */
extern const struct linker_client *dl_client;

/* Runs all constructors of start, once. */
void dl_construct(void);

/* A function for atexit(), where there is no libc-min to run destructors. */
void dl_destruct(void);

#endif
