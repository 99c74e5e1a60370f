/* What the machine's half of the string functions offers to the rest of the library.
 *
 * arch/<machine>/ defines memcpy, memmove, memset, memcmp, memchr, strlen, strchr, strrchr, strcmp,
 * strncmp, strcpy, and the functions below, which ISO C does not name: the public name of each,
 * without the underscores, is a weak alias.  All of them may be called before relocation, before
 * there is thread-local storage, and in signal handlers. */
#ifndef LIBC_STRING_ARCH_H
#define LIBC_STRING_ARCH_H

#include "alias.h"
#include <stddef.h>

HIDDEN void *__memrchr(const void *memory, int byte, size_t size);
HIDDEN size_t __strnlen(const char *string, size_t most);
HIDDEN char *__strchrnul(const char *string, int byte);
HIDDEN char *__stpcpy(char *restrict to, const char *restrict from);

#endif
