/* malloc-cache: what free() gives to the next malloc(), and what it gives back to the kernel.
 *
 * A freed block stays with the process. The next request of its size gets it: of most mallocs the
 * same address at once, of musl's another one, because an address that is used again soon hides
 * mistakes. Only a lot of free memory at the end of the heap goes back, and the break moves down;
 * libc-min and glibc do that above M_TRIM_THRESHOLD, or when malloc_trim(3) asks for it.
 *
 * malloc(3), mallopt(3), brk(2). The blocks for the last lines are 100 KiB long, because free
 * memory between used blocks cannot go back by the break.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"

enum { BLOCKS = 40, LARGE = 100 * KIB };

static char *start;

static void step_print(const char *step, const char *what)
{
    printf("%-34s  %+7ldK  %s\n", step, ((char *)sbrk(0) - start) / KIB, what);
}

static const char *relation(uintptr_t address, uintptr_t before)
{
    return address == before ? "the address of the freed one" : "another address";
}

static void *allocate(size_t size)
{
    void *memory = malloc(size);

    if (!memory) {
        perror("malloc");
        exit(1);
    }
    memset(memory, 1, size);
    return memory;
}

int main(int argc, char **argv)
{
    static char *blocks[BLOCKS];

    pause_prepare(argc, argv);
    output_prepare();
    start = sbrk(0);
    printf("%-34s  %8s  %s\n", "STEP", "BREAK", "");

    char *block = allocate(100);
    step_print("malloc(100)", "");
    uintptr_t before = (uintptr_t)block;
    free(block);
    step_print("free", "");
    block = allocate(100);
    step_print("malloc(100)", relation((uintptr_t)block, before));
    free(block);
    block = allocate(90);
    step_print("free, malloc(90)", relation((uintptr_t)block, before));
    pause_at("small blocks");

    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = allocate(LARGE);
    step_print("40 blocks of 100 KiB", "");
    for (int i = 0; i < BLOCKS - 1; i++)
        free(blocks[i]);
    step_print("all freed but the last", "");
    free(blocks[BLOCKS - 1]);
    step_print("the last freed", "");
    pause_at("all freed");
    if (malloc_trim) {
        malloc_trim(0);
        step_print("malloc_trim(0)", "");
    }
    free(block);
    return 0;
}
