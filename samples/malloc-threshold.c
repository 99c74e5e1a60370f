/* malloc-threshold: 127 KiB come from the heap, 129 KiB from the kernel.
 *
 * malloc has two sources: the heap, which brk(2) extends and which the process keeps, and mappings,
 * which mmap(2) makes for one request and free() unmaps. Each malloc chooses the size from which it
 * uses mappings. glibc and libc-min use the classic 128 KiB (M_MMAP_THRESHOLD in mallopt(3));
 * musl's malloc has the same limit, but takes smaller requests from groups of pages, which need not
 * be in the heap.
 *
 * The program assumes nothing: it looks each address up in /proc/self/maps, and the change of the
 * break says whether the heap grew. The heap grows by more than the request, for the next requests.
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
    mappings_trim();
    pause_at("both freed");
    return 0;
}
