/* rt's own memory. It may be asked for in a signal handler: the lock is held with signals blocked.
 */
#ifndef RT_ALLOCATE_H
#define RT_ALLOCATE_H

#include <stddef.h>

/* Zeroed, aligned to 16 bytes; NULL: there is none. The size of a block is remembered by rt. */
void *allocate(size_t size);
void release(void *block); /* NULL: nothing */

/* A block of twice the room with the contents of `block`, which is NOT released: readers without a
 * lock may still be there. For arrays of pointers: `count` of them. */
void *allocate_grown(const void *block, size_t count, size_t room);

/* A copy of a text; NULL: no memory. */
char *allocate_text(const char *text);

#endif
