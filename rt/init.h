/* Constructors and destructors: gABI, "Initialization and Termination Functions". */
#ifndef RT_INIT_H
#define RT_INIT_H

#include "object.h"

/* Sets the arguments of constructors; called by main.c or __libc_start_main(). */
void init_arguments(int argc, char **argv, char **envp);

/* Runs the constructors that are still to run in a scope's objects, dependencies first. The scope
 * is in load order, breadth first; objects that constructors append are left out. */
void init_run(const struct scope *scope);

/* Calls libc-min with what init_arguments() was given. */
void init_begin(void (*begin)(int argc, char **argv));

/* Runs the program's DT_PREINIT_ARRAY, before all constructors. */
void init_preinit(const struct object *program);

/* Runs an object's destructors, if its constructors have run. */
void fini_run(struct object *object);

/* Runs the destructors of all objects, last constructed first, at exit. */
void fini_all(void);

/* Runs all constructors of start, once. The linker's lock is not held, because a constructor may
 * wait for a thread that calls dlsym(). */
void init_all(void);

/* Keeps all objects from being unloaded, and runs all destructors, at exit. */
void fini_process(void);

/* The object constructed last, the head of a list by constructed_before. For dlclose(). */
extern struct object *init_last;

#endif
