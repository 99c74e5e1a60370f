/* Symbols without a definition, found before any code of the program runs. */
#ifndef RT_MISSING_H
#define RT_MISSING_H

#include "base/problem.h"
#include "lookup.h"

/* Is there a slot, to be bound lazily, of an object of the global scope, whose function no object
 * defines? Relocation itself reports what is bound at start. Uses scope_global.index. */
bool missing_slots(void);

/* Fills *problem with the undefined names of the global scope's objects, the objects that refer to
 * them, and the objects that were searched; with `help`, also with what helps and, for one name,
 * the nearest. Returns false. */
bool missing_all(bool help, struct problem *problem);

#endif
