/* malloc-threshold: 127 KiB come from the heap, 129 KiB from the kernel; where exactly the line is,
 * and whether it moves.
 *
 * malloc has two sources: the heap, which brk(2) extends and which the process keeps, and mappings,
 * which mmap(2) makes for one request and free() unmaps. Each malloc chooses the size from which it
 * uses mappings. glibc and libc-min use the classic 128 KiB (M_MMAP_THRESHOLD in mallopt(3));
 * musl's malloc has the same limit, but takes smaller requests from groups of pages, which need not
 * be in the heap. The last lines measure: the line is a few bytes away from 128 KiB where malloc
 * adds its own to the request before it compares, and glibc's rises to the size of a mapped block
 * that is freed (M_MMAP_THRESHOLD, "dynamic"): the next one of that size comes from the heap.
 *
 * The program assumes nothing: it looks each address up in /proc/self/maps, and the change of the
 * break says whether the heap grew. The heap grows by more than the request, for the next requests.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <sys/wait.h>

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

static char *ask(size_t size)
{
    char *memory = malloc(size);

    if (!memory) {
        perror("malloc");
        exit(1);
    }
    return memory;
}

static int from_heap(const char *memory)
{
    struct mapping map;

    mapping_find((uintptr_t)memory, &map);
    return strcmp(map.name, "[heap]") == 0;
}

static const char *name(int from_heap)
{
    return from_heap ? "from the heap" : "a mapping";
}

/* Leaves less than 32 KiB at the end of the heap: what it has room for, glibc's heap serves
 * whatever the size. */
static void use_up(void)
{
    enum { BLOCK = 16 * KIB, AFTER = 7 };
    const char *before = sbrk(0);

    for (int i = 0; i < 16 && sbrk(0) == before; i++)
        ask(BLOCK);
    for (int i = 0; i < AFTER; i++)
        ask(BLOCK);
}

/* The largest request that the heap serves, below 256 KiB; 0: none from 64 KiB up. Nothing is
 * freed: to free a mapping could move the line. */
static size_t largest_in_heap(void)
{
    size_t low = 64 * KIB - 1, high = 256 * KIB;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        use_up();
        if (from_heap(ask(middle)))
            low = middle;
        else
            high = middle;
    }
    return low < 64 * KIB ? 0 : low;
}

struct measured {
    size_t largest;
    int first, again; /* 200,000 bytes are from the heap: at first, and after they were freed */
};

/* Measures in a child, which leaves this process's heap as it is. */
static struct measured measure(void)
{
    struct measured result;
    int ends[2], status = 1;

    if (pipe(ends) != 0) {
        perror("pipe");
        exit(1);
    }
    pid_t child = fork();
    if (child == 0) {
        result.largest = largest_in_heap();
        use_up();
        char *memory = ask(200000);
        result.first = from_heap(memory);
        free(memory);
        use_up();
        result.again = from_heap(ask(200000));
        _exit(write(ends[1], &result, sizeof result) != sizeof result);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    if (status != 0 || read(ends[0], &result, sizeof result) != sizeof result) {
        fprintf(stderr, "malloc-threshold: the child has failed\n");
        exit(1);
    }
    close(ends[0]);
    close(ends[1]);
    return result;
}

int main(int argc, char **argv)
{
    pause_prepare(argc, argv);
    output_prepare();

    printf("%-7s  %14s  %6s %6s  %s\n", "MALLOC", "ADDRESS", "BREAK", "ALL", "IN THE MAPPING");
    struct measured measured = measure();
    void *below = allocate(127);
    void *above = allocate(129);
    pause_at("both allocated");

    free(above);
    free(below);
    mappings_trim();
    pause_at("both freed");

    if (measured.largest > 0)
        printf("largest request that the heap grows for: %zu bytes, 128 KiB %+ld\n",
               measured.largest, (long)measured.largest - 128 * KIB);
    else
        printf("the heap grows for no request from 64 to 256 KiB\n");
    printf("200000 bytes: %s; freed, and asked for again: %s\n", name(measured.first),
           name(measured.again));
    return 0;
}
