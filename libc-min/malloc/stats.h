/* Figures for mallinfo(3), malloc_stats(3) and malloc_info(3). Each part adds its own, under its
 * lock. */
#ifndef LIBC_MALLOC_STATS_H
#define LIBC_MALLOC_STATS_H

#include "run.h"

enum { STATS_BINS = 48 }; /* bin n: free chunks of 2^n to 2^(n+1) - 1 bytes */

struct malloc_counts {
    size_t count, bytes;
};

struct malloc_figures {
    /* heap.c */
    size_t heap;                      /* bytes from the kernel, in `segments` parts */
    size_t segments, mapped_segments; /* mapped: not from the break */
    size_t top;                       /* bytes at the end, free */
    struct malloc_counts used_chunks; /* all that are not free: the program's, runs, kept ones */
    struct malloc_counts free_chunks, bins[STATS_BINS]; /* without the top */
    struct malloc_counts spare_runs;                    /* released, and kept for the next */
    struct {
        size_t runs, used, free, fresh; /* blocks, but for `runs` */
    } classes[RUN_CLASSES];

    /* arena.c */
    size_t arenas, orphans;    /* orphans: their threads have ended */
    struct malloc_counts kept; /* chunks that threads keep */

    /* mapping.c */
    struct malloc_counts mappings, kept_mappings;
};

HIDDEN void __heap_figures(struct malloc_figures *figures);
HIDDEN void __arena_figures(struct malloc_figures *figures);
HIDDEN void __mapping_figures(struct malloc_figures *figures);

#endif
