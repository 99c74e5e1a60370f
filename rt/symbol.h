/* dlsym(), dladdr(): from a name to an address, and back. */
#ifndef RT_SYMBOL_H
#define RT_SYMBOL_H

#include "base/problem.h"

#include <stdbool.h>

/* The table's `symbol` and `address` (base/linker.h). */
bool symbol_find(void *handle, const char *name, const char *version, const void *caller,
                 void **address, struct problem *problem);
int symbol_address(const void *address, void *dl_info, void **extra, int what);

#endif
