/* rt's own memory. A signal handler may allocate: the lock is held with signals blocked. */
#ifndef RT_ALLOCATE_H
#define RT_ALLOCATE_H

#include <stddef.h>

/* Allocates zeroed memory, aligned to 16 bytes. NULL: no memory. rt remembers a block's size. */
void *allocate(size_t size);
void release(void *block); /* NULL: nothing */

/* Allocates room for more pointers and copies `count` of them from `block`. `block` is NOT
 * released: readers without a lock may still use it. */
void *allocate_grown(const void *block, size_t count, size_t room);

/* A copy of a text; NULL: no memory. */
char *allocate_text(const char *text);

#endif
