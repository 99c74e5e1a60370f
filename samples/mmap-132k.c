/* mmap-132k: a big malloc has a mapping of its own, which free unmaps.
 *
 * Small requests share the heap, and freed memory stays in the process for the next request. For a
 * big request, 128 KiB or more, most mallocs ask the kernel for pages: malloc calls mmap, free
 * calls munmap, and nothing is left. The mapping is larger than the 132 KiB: malloc stores the size
 * before the memory that it returns, and the kernel maps whole pages.
 *
 * libc-min's free keeps a few such mappings for a quarter of a second, because a program that frees
 * a large block often asks for one again, and the kernel needs tens of microseconds to map, clear
 * and unmap it. malloc_trim gives back what is kept.
 *
 * malloc(3), section NOTES; mmap(2). One line of /proc/self/maps may be several calls of mmap: the
 * kernel joins like neighbours. "ALL MAPS" is the sum of all mappings, joined or not.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"

enum { SIZE = 132 * KIB };

static void step_print(const char *step, size_t total, size_t before, const struct mapping *map)
{
    printf("%-13s  %7zuK %+6ldK  ", step, total / KIB, ((long)total - (long)before) / KIB);
    mapping_print(map);
}

int main(int argc, char **argv)
{
    struct mapping map;

    pause_prepare(argc, argv);
    output_prepare();

    char *first = malloc(1); /* malloc's own set-up must not be counted */
    size_t before = mapped_total();
    pause_at("before malloc");

    char *memory = malloc(SIZE);
    if (!first || !memory) {
        perror("malloc");
        return 1;
    }
    memset(memory, 1, SIZE);
    uintptr_t start = (uintptr_t)memory; /* for a look-up after free(), when `memory` is invalid */

    size_t during = mapped_total();
    mapping_find(start, &map);
    printf("malloc(%d), 132 KiB, gave %#zx\n\n", SIZE, (size_t)start);
    printf("%-13s  %8s %7s  %s\n", "WHEN", "ALL MAPS", "CHANGE", "THE MAPPING OF THAT ADDRESS");
    printf("%-13s  %7zuK\n", "before malloc", before / KIB);
    step_print("after malloc", during, before, &map);
    printf("%-31s  the memory begins %zu bytes after its start\n", "", (size_t)(start - map.start));
    pause_at("after malloc");

    free(memory);

    size_t after = mapped_total();
    mapping_find(start, &map);
    step_print("after free", after, during, &map);
    if (map.end != 0 && mappings_trim()) {
        size_t trimmed = mapped_total();
        mapping_find(start, &map);
        step_print("after trim", trimmed, after, &map);
    }
    pause_at("after free");
    free(first);
    return 0;
}
