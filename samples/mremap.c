/* mremap: a mapping grows, its pages move to another address, and none is copied.
 *
 * mremap(2) changes entries of the page table: the new addresses lead to the same pages. A page
 * that was written before needs no page fault afterwards, however many there are; new pages at the
 * end come into memory when they are touched, as those of any mapping. realloc() of a large block
 * uses it, in libc-min, musl and glibc alike.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"

#include <sys/mman.h>

enum { PAGES = 256, MORE = 512 };

static long page;

static long faults(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

/* Reads or writes a byte of each page, and returns the page faults that this took. */
static long touch(volatile char *memory, int pages, int write)
{
    long before = faults();

    for (int i = 0; i < pages; i++) {
        if (write)
            memory[i * page] = (char)i;
        else if (memory[i * page] != (char)i)
            puts("another byte than before");
    }
    return faults() - before;
}

static void step_print(const char *step, const void *memory, long taken)
{
    struct mapping map;

    mapping_find((uintptr_t)memory, &map);
    printf("%-26s %6ld  ", step, taken);
    if (map.end == 0)
        puts("nothing is mapped there");
    else
        printf("%#zx-%#zx  %zuK\n", (size_t)map.start, (size_t)map.end,
               (size_t)(map.end - map.start) / KIB);
}

int main(int argc, char **argv)
{
    pause_prepare(argc, argv);
    output_prepare();
    page = sysconf(_SC_PAGESIZE);

    /* room for both, and a page that nobody may access behind the first: it cannot grow in place */
    char *room = mmap(NULL, (PAGES + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED || mprotect(room + page, PAGES * page, PROT_READ | PROT_WRITE) != 0) {
        perror("mmap");
        return 1;
    }
    char *memory = room + page;
    printf("%-26s %6s  %s\n", "STEP", "FAULTS", "THE MAPPING");
    step_print("256 pages written", memory, touch(memory, PAGES, 1));
    pause_at("written");

    long before = faults();
    char *moved = mremap(memory, PAGES * page, MORE * page, MREMAP_MAYMOVE);
    long taken = faults() - before;
    if (moved == MAP_FAILED) {
        perror("mremap");
        return 1;
    }
    step_print("mremap to 512 pages", moved, taken);
    step_print("at the old address", memory, 0);
    step_print("the 256 read again", moved, touch(moved, PAGES, 0));
    step_print("the other 256 written", moved, touch(moved + PAGES * page, PAGES, 1));
    pause_at("moved");
    return 0;
}
