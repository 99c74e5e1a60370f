/* The functions of malloc(3) that others of it make up. They are apart from malloc.c, so that a
 * program whose malloc(), realloc() and aligned_alloc() replace those of the library gets them from
 * its own. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, bytes);
}
