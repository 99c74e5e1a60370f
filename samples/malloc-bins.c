/* malloc-bins: how free chunks of the heap split and merge, in the allocator's own figures.
 *
 * A heap is cut into chunks. A freed chunk that lies beside a free one is merged with it, so that a
 * larger request can use both; a chunk that is larger than a request is split. The allocator finds
 * neighbours by the sizes that it keeps at both ends of a chunk, the boundary tags, and keeps free
 * chunks in bins by size. mallinfo2(3) counts them.
 *
 * libc-min keeps a few freed chunks for the thread that freed them, as glibc keeps small ones:
 * they are in no bin, and have not been merged. malloc_trim(3) gives them to the heap. musl's
 * malloc has no such figures.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"

#include <malloc.h>

#ifndef M_MMAP_THRESHOLD /* musl's header has none of this; a program on rt finds libc-min's */
struct mallinfo2 {
    size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
#pragma weak mallinfo2
struct mallinfo2 mallinfo2(void);
static int has_figures(void)
{
    return mallinfo2 != NULL;
}
#else
static int has_figures(void)
{
    return 1;
}
#endif

enum { CHUNKS = 5, SIZE = 20000 };

static void step_print(const char *step)
{
    struct mallinfo2 now = mallinfo2();

    printf("%-30s %12zu %14zu %14zu\n", step, now.ordblks, now.smblks, now.keepcost);
}

int main(int argc, char **argv)
{
    char *chunks[CHUNKS], *divider;

    pause_prepare(argc, argv);
    output_prepare();
    if (!has_figures()) {
        puts("this malloc has no mallinfo2()");
        pause_at("nothing to see");
        return 0;
    }
    divider = malloc(SIZE); /* the heap exists, and what it needs for itself */
    printf("%-30s %12s %14s %14s\n", "STEP", "FREE CHUNKS", "KEPT BY THREAD", "BYTES AT TOP");
    step_print("at start");
    for (int i = 0; i < CHUNKS; i++)
        if (!(chunks[i] = malloc(SIZE)))
            return 1;
    step_print("5 chunks of 20,000 bytes");
    free(chunks[1]);
    free(chunks[3]);
    step_print("2nd and 4th freed");
    if (malloc_trim)
        malloc_trim(1024 * KIB);
    step_print("given to the heap");
    pause_at("two holes");
    free(chunks[2]);
    if (malloc_trim)
        malloc_trim(1024 * KIB);
    step_print("3rd freed: three merge");
    chunks[1] = malloc(2 * SIZE);
    step_print("malloc(40000): split");
    free(chunks[1]);
    free(chunks[0]);
    free(chunks[4]);
    if (malloc_trim)
        malloc_trim(1024 * KIB);
    step_print("all freed");
    free(divider);
    return 0;
}
