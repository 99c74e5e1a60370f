/* The machine's part of the string functions, for the rest of the library.
 *
 * arch/<machine>/ defines memcpy, memmove, memset, memcmp, memchr, strlen, strchr, strrchr, strcmp,
 * strncmp, strcpy, and the functions below, which ISO C does not name: their public names, without
 * the underscores, are weak aliases.
 *
 * All of these functions may be called before relocation, before thread-local storage exists, and
 * in signal handlers. */
#ifndef LIBC_STRING_ARCH_H
#define LIBC_STRING_ARCH_H

#include "alias.h"
#include <stddef.h>

HIDDEN void *__memrchr(const void *memory, int byte, size_t size);
HIDDEN size_t __strnlen(const char *string, size_t most);
HIDDEN char *__strchrnul(const char *string, int byte);
HIDDEN char *__stpcpy(char *restrict to, const char *restrict from);

#endif
