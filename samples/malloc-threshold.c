/* malloc-threshold: 127 KiB come from the heap, 129 KiB from the kernel.
 *
 * malloc has two sources: the heap, grown by brk(2) and kept, and mappings, made by mmap(2) for one
 * request and unmapped at free. From which size on it takes a mapping is its own decision. 128 KiB
 * is the classic one (M_MMAP_THRESHOLD in mallopt(3)), libc-min's and glibc's; musl's malloc has
 * the same limit, but below it makes groups of pages, which need not be the heap's.
 *
 * So nothing is presumed here: an address is looked up in /proc/self/maps, and how far the break
 * moved says whether it was the heap that grew. It grows by more than was asked for: the next
 * request is to find something there.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"

static void *allocate(size_t kib)
{
    struct mapping map;
    char *before = sbrk(0);
    size_t total = mapped_total();
    char *memory = malloc(kib * KIB);

    if (!memory) {
        perror("malloc");
        exit(1);
    }

    long moved = (char *)sbrk(0) - before;
    long mapped = (long)(mapped_total() - total);

    mapping_find((uintptr_t)memory, &map);
    printf("%3zu KiB  %#14zx  %+5ldK %+5ldK  ", kib, (size_t)memory, moved / KIB, mapped / KIB);
    mapping_print(&map);
    return memory;
}

int main(int argc, char **argv)
{
    pause_prepare(argc, argv);
    output_prepare();

    printf("%-7s  %14s  %6s %6s  %s\n", "MALLOC", "ADDRESS", "BREAK", "ALL", "IN THE MAPPING");
    void *below = allocate(127);
    void *above = allocate(129);
    pause_at("both allocated");

    free(above);
    free(below);
    pause_at("both freed");
    return 0;
}
