/* fork-cow: fork copies no memory; the first write to a page does.
 *
 * After fork, parent and child have the same pages, write-protected in both. A write by either is a
 * page fault: the kernel gives the writer a copy of that page, 4 KiB, and the writer continues.
 * That is copy on write. A process that writes 16 pages of 64 takes 16 faults and 64 KiB; the other
 * 192 KiB stay shared. Reads cost nothing. When the parent then writes the same 16 pages, each
 * write is a fault too, but without a copy: no other process has the page any more.
 *
 * fork(2); /proc/PID/smaps in proc(5): Shared_Dirty and Private_Dirty; getrusage(2): ru_minflt.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <sys/mman.h>
#include <sys/wait.h>

enum { PAGES = 64, WRITTEN = 16, PAGE = 4 * KIB };

struct usage {
    unsigned long shared, private; /* KiB, of our mapping */
    long faults;                   /* of the last step */
    char byte;                     /* the first of the memory */
};

static volatile char *memory;

/* Makes a mapping between two pages of other permissions: the kernel joins no neighbour to it. */
static void memory_map(void)
{
    char *map = mmap(NULL, (PAGES + 2) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED || mprotect(map + PAGE, PAGES * PAGE, PROT_READ | PROT_WRITE) != 0) {
        perror("fork-cow: mmap");
        exit(1);
    }
    memory = map + PAGE;
}

/* Returns the value of `field` in the lines of smaps for our mapping, KiB. */
static unsigned long smaps_value(const char *smaps, const char *field)
{
    char start[32];
    const char *at;

    snprintf(start, sizeof start, "%zx-", (size_t)memory);
    at = strstr(smaps, start);
    at = at ? strstr(at, field) : NULL;
    return at ? strtoul(at + strlen(field), NULL, 10) : 0;
}

static struct usage usage_look(long faults)
{
    const char *smaps = proc_read("/proc/self/smaps");

    return (struct usage){
        .shared = smaps_value(smaps, "\nShared_Dirty:"),
        .private = smaps_value(smaps, "\nPrivate_Dirty:"),
        .faults = faults,
        .byte = memory[0],
    };
}

static struct usage pages_read(void)
{
    long before = faults_taken();

    for (int i = 0; i < PAGES; i++)
        (void)memory[i * PAGE];
    return usage_look(faults_taken() - before);
}

static struct usage pages_write(int count, char value)
{
    long before = faults_taken();

    for (int i = 0; i < count; i++)
        memory[i * PAGE] = value;
    return usage_look(faults_taken() - before);
}

static void usage_print(const char *who, const struct usage *usage)
{
    printf("  %-6s shares %3luK, has %3luK of its own, took %2ld faults, reads '%c'\n", who,
           usage->shared, usage->private, usage->faults, usage->byte);
}

/* Does one step for each byte on `orders`, and then sends its own `struct usage`. */
static void child_run(int orders, int answers)
{
    char order;

    while (read(orders, &order, 1) == 1) {
        struct usage usage = order == 'r' ? pages_read() : pages_write(WRITTEN, 'c');

        if (write(answers, &usage, sizeof usage) != sizeof usage)
            _exit(1);
    }
    _exit(0);
}

int main(int argc, char **argv)
{
    struct usage parent, child;
    int orders[2], answers[2];
    char where[80];

    pause_prepare(argc, argv);
    output_prepare();
    memory_map();
    if (pipe(orders) != 0 || pipe(answers) != 0) {
        perror("fork-cow: pipe");
        return 1;
    }

    printf("%d pages of %dK at %#zx\n", PAGES, PAGE / KIB, (size_t)memory);
    parent = pages_write(PAGES, 'p');
    printf("\nthe parent has written all\n");
    usage_print("parent", &parent);

    pid_t pid = fork();
    if (pid < 0) {
        perror("fork-cow: fork");
        return 1;
    }
    if (pid == 0) {
        close(orders[1]); /* otherwise the child would never see the end of `orders` */
        child_run(orders[0], answers[1]);
    }

    static const struct {
        char order;
        const char *what;
    } steps[] = {
        {'r', "after fork, both have read all"},
        {'w', "the child has written 16 pages"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (write(orders[1], &steps[i].order, 1) != 1 ||
            read(answers[0], &child, sizeof child) != sizeof child)
            return 1;
        parent = pages_read();
        printf("\n%s\n", steps[i].what);
        usage_print("parent", &parent);
        usage_print("child", &child);
        snprintf(where, sizeof where, "%s; the child is %d", steps[i].what, (int)pid);
        pause_at(where);
    }

    parent = pages_write(WRITTEN, 'P');
    printf("\nthe parent has written the same 16\n");
    usage_print("parent", &parent);

    close(orders[1]);
    waitpid(pid, NULL, 0);
    return 0;
}
