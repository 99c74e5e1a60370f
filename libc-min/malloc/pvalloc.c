#include "process.h"
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

void *pvalloc(size_t size);

/* malloc(3): whole pages. */
void *pvalloc(size_t size)
{
    size_t whole = page_round(size);

    if (whole < size) {
        errno = ENOMEM;
        return NULL;
    }
    return aligned_alloc(__process.page, whole);
}
