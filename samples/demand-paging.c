/* demand-paging: malloc gives addresses, the first write to each page gives memory.
 *
 * A new mapping takes no memory until the program touches a page of it. The processor then finds no
 * page, the kernel adds a zeroed one, and the program continues. That is a minor page fault (a
 * major one waits for a disk). Of two mallocs of the same size, the one that is written takes 256
 * pages and 256 faults; the other takes none of either.
 *
 * mincore(2) tells for each page whether it is in memory, getrusage(2) counts the faults. The
 * program looks only at the pages that are wholly in the malloc: malloc's header is in the page
 * before them.
 * PR_SET_THP_DISABLE (prctl(2)) keeps the kernel from adding 2 MiB at a time.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <sys/mman.h>
#include <sys/prctl.h>

enum { PAGES = 256 };

static size_t page;

static char *pages_allocate(void **memory)
{
    *memory = malloc((PAGES + 1) * page);
    if (!*memory) {
        perror("malloc");
        exit(1);
    }
    return (char *)(((uintptr_t)*memory + page - 1) & -page);
}

/* Pages in memory, or -1 if nothing is mapped there. */
static int resident(char *pages)
{
    unsigned char in_memory[PAGES];
    int count = 0;

    if (mincore(pages, PAGES * page, in_memory) != 0)
        return -1;
    for (int i = 0; i < PAGES; i++)
        count += in_memory[i] & 1;
    return count;
}

/* Writes a byte in each of the first `count` pages; returns the number of faults. */
static long pages_write(char *pages, int count)
{
    long before = faults_taken();

    for (int i = 0; i < count; i++)
        ((volatile char *)pages)[(size_t)i * page] = 1;
    return faults_taken() - before;
}

static void step_print(const char *step, char *first, char *second, long taken)
{
    int counts[] = {resident(first), resident(second)};

    printf("%-24s", step);
    for (int i = 0; i < 2; i++)
        if (counts[i] < 0)
            printf("    not mapped");
        else
            printf("  %3d resident", counts[i]);
    printf("  %6ld\n", taken);
    pause_at(step);
}

int main(int argc, char **argv)
{
    void *memory[2];

    pause_prepare(argc, argv);
    output_prepare();
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    page = (size_t)sysconf(_SC_PAGESIZE);

    char *first = pages_allocate(&memory[0]), *second = pages_allocate(&memory[1]);

    printf("two mallocs, in each %d whole pages of %zu bytes, at %p and %p\n\n", PAGES, page,
           (void *)first, (void *)second);
    printf("%-24s  %12s  %12s  %6s\n", "STEP", "FIRST", "SECOND", "FAULTS");
    step_print("malloc", first, second, 0);
    step_print("first: 10 pages written", first, second, pages_write(first, 10));
    step_print("first: all written", first, second, pages_write(first, PAGES));
    step_print("first: all again", first, second, pages_write(first, PAGES));
    free(memory[0]);
    free(memory[1]);
    mappings_trim();
    step_print("free", first, second, 0);
    return 0;
}
