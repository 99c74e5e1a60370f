/* What mallopt(3) and the environment change. */
#ifndef LIBC_MALLOC_OPTIONS_H
#define LIBC_MALLOC_OPTIONS_H

#include "alias.h"
#include <stddef.h>

/* Requests from mapped_from up get a mapping; requests below small_below are blocks; malloc()
 * itself looks into the current run for those below fast_below. Bytes. */
struct malloc_limits {
    size_t mapped_from, small_below, fast_below;
};
extern HIDDEN struct malloc_limits __malloc_limits;

/* M_PERTURB: 0, or the byte that freed memory is filled with. */
extern HIDDEN unsigned char __malloc_perturb;

/* Reads the environment, once: before the first allocation, not at the start of the process. */
HIDDEN void __malloc_start(void);
extern HIDDEN int __malloc_started;

int mallopt(int parameter, int value);

#endif
