#ifndef LIBC_TEMPORARY_H
#define LIBC_TEMPORARY_H

#include "alias.h"

/* Six characters for the end of a file's name, different at every call and hard to guess. */
HIDDEN void __temporary_name(char *end);

#endif
