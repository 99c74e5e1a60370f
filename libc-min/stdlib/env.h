#ifndef LIBC_ENV_H
#define LIBC_ENV_H

#include "alias.h"
#include <stddef.h>

extern char **__environ;

/* Where `name` (of `length`) stands in environ, or NULL. */
HIDDEN char **__environ_find(const char *name, size_t length);

#endif
