/* posix_memalign() and memalign() by aligned_alloc(), which may be the program's: see family.c. */
#include "process.h"
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

void *memalign(size_t align, size_t size)
{
    return aligned_alloc(align, size);
}

/* POSIX: the answer is the error, and errno stays as it was. */
int posix_memalign(void **result, size_t align, size_t size)
{
    int old = errno;

    if (!align || align & (align - 1) || align % sizeof(void *))
        return EINVAL;
    void *memory = aligned_alloc(align, size);
    errno = old;
    if (!memory)
        return ENOMEM;
    *result = memory;
    return 0;
}

void *valloc(size_t size)
{
    return aligned_alloc(__process.page, size);
}
