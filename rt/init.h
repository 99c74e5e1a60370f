/* Constructors and destructors: gABI, "Initialization and Termination Functions". */
#ifndef RT_INIT_H
#define RT_INIT_H

#include "object.h"

/* What constructors are called with, from main.c or __libc_start_main(). */
void init_arguments(int argc, char **argv, char **envp);

/* Runs the constructors that objects of a scope still have to run, dependencies first. The scope is
 * in load order, breadth first; what constructors append to it is not looked at. */
void init_run(const struct scope *scope);

/* Calls libc-min with what init_arguments() was given. */
void init_begin(void (*begin)(int argc, char **argv));

/* Of the program, before all others. */
void init_preinit(const struct object *program);

/* Runs an object's destructors, if its constructors have run. */
void fini_run(struct object *object);

/* Of all objects, last constructed first: at exit. */
void fini_all(void);

/* Runs all constructors of start, once: without the linker's lock, because a constructor may wait
 * for a thread that calls dlsym(). */
void init_all(void);

/* At exit: no object is unloaded any more, and all destructors run. */
void fini_process(void);

/* The object constructed last; the one before it is its constructed_before. For dlclose(). */
extern struct object *init_last;

#endif
