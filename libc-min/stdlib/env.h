#ifndef LIBC_ENV_H
#define LIBC_ENV_H

#include "alias.h"
#include <stddef.h>

extern char **__environ;

/* The place of `name` (of `length`) in environ, or NULL. */
HIDDEN char **__environ_find(const char *name, size_t length);

#endif
