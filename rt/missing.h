/* Symbols that nothing defines: found at start, before any code of the program has run, and told.
 */
#ifndef RT_MISSING_H
#define RT_MISSING_H

#include "base/problem.h"
#include "lookup.h"

/* Is there a function among the slots to be bound lazily, of the objects of the global scope, that
 * no object defines? What is bound at start says so itself. scope_global.index is used. */
bool missing_slots(void);

/* The names that no object defines and some object of the global scope refers to, with who does,
 * what was searched, and with `help` what helps (of one name, what is near). false. */
bool missing_all(bool help, struct problem *problem);

#endif
