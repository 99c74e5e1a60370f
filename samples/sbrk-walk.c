/* sbrk-walk: the break moves up and down, and [heap] with it.
 *
 * The break is the end of the program's data. The kernel maps zeroed pages from the first address
 * of the break to the present one: /proc/self/maps calls that mapping [heap]. It exists only after
 * the break has moved; a move back unmaps the pages. (In a static glibc program libc's own start
 * code has moved the break before main.)
 *
 * sbrk(2), brk(2). musl's sbrk only returns the break and refuses to move it, because its malloc
 * shares the break with no other code; the program then makes the system call itself.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <sys/syscall.h>

static const char *means = "sbrk(2)";

static uintptr_t break_now(void)
{
    return (uintptr_t)sbrk(0);
}

/* The system call brk takes the new break and returns the one that is set: the old one if it cannot
 * be moved. */
static int break_move(long bytes)
{
    if (sbrk(bytes) != (void *)-1)
        return 1;

    uintptr_t wanted = break_now() + (uintptr_t)bytes;

    means = "the system call brk, as this libc's sbrk refuses";
    return (uintptr_t)syscall(SYS_brk, wanted) == wanted;
}

static void step_print(const char *step, uintptr_t before)
{
    struct mapping heap;
    uintptr_t now = break_now();

    printf("%-12s %#14zx %+6ldK  ", step, (size_t)now, ((long)now - (long)before) / KIB);
    if (mapping_named("[heap]", &heap))
        mapping_print(&heap);
    else
        printf("no [heap]\n");
    pause_at(step);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        long bytes;
    } steps[] = {
        {"grow 64K", 64 * KIB},
        {"grow 256K", 256 * KIB},
        {"shrink 128K", -128 * KIB},
        {"shrink 192K", -192 * KIB},
    };

    pause_prepare(argc, argv);
    output_prepare();

    printf("%-12s %14s %7s  %s\n", "STEP", "BREAK", "MOVED", "HEAP");
    step_print("at start", break_now());
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        uintptr_t before = break_now();

        if (!break_move(steps[i].bytes)) {
            perror("sbrk-walk");
            return 1;
        }
        if (steps[i].bytes > 0) /* the new memory is mapped, zeroed and writable */
            *(volatile char *)before += 1;
        step_print(steps[i].name, before);
    }
    printf("\nmoved by %s\n", means);
    return 0;
}
