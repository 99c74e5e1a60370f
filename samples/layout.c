/* layout: the mapping of each kind of thing in a C program.
 *
 * A pointer is only a number. /proc/self/maps shows the kernel's list of the mapped address ranges;
 * the range that holds a pointer tells what made the memory there:
 *
 *     code, constant, variable   a mapping of the program's file, made from a program header
 *     end of a zeroed array      past the end of the file's bytes: anonymous memory
 *     malloc, small              glibc and libc-min: [heap], grown by brk; musl: often the end of
 *                                the last page of the program's .bss, or a mapping
 *     malloc, big                a mapping of its own (the kernel shows like neighbours as one
 *                                range, which may be longer)
 *     local                      [stack]
 *
 * Compare the kinds: a fixed-address program (.exec, .static) is always at 0x400000; a PIE has
 * other addresses in every run, unless `setarch -R` turns the randomness off.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL = 100,         /* bytes; less than the 128 KiB at which malloc begins to use mappings */
    BIG = 1024 * 1024,   /* bytes; more than that */
    ZEROES = 128 * 1024, /* bytes; long enough to reach past the last page of file contents */
    LINE_KEPT = 512,     /* bytes of a line of /proc/self/maps; the rest is skipped */
};

static const int constant = 1;
static int initialised = 2;
static char zeroes[ZEROES]; /* .bss: room in memory, none in the file */

struct mapping {
    uintptr_t start, end; /* end is the first address after it */
    char perms[5];        /* "r-xp" */
    char name[LINE_KEPT];
};

/* A maps line looks like
 *     7ffff7f2c000-7ffff7f40000 r--p 00000000 fe:01 1234      /lib/libc.so
 * with offset, device and inode between permissions and name. Anonymous memory has no name. A name
 * may hold spaces, and is the rest of the line. If the line is too long for the buffer, "..."
 * stands for what is missing. */
static int mapping_parse(const char *line, struct mapping *map)
{
    int name_at = 0;

    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %n", &map->start, &map->end,
               map->perms, &name_at) != 3)
        return 0;
    snprintf(map->name, sizeof map->name, "%s%s", line + name_at, strchr(line, '\n') ? "" : "...");
    map->name[strcspn(map->name, "\n")] = '\0';
    if (map->name[0] == '\0')
        strcpy(map->name, "(anonymous)");
    return 1;
}

/* Fills `map` with the mapping that holds `address`; returns 0 if there is none.
 *
 * A path can be longer than the buffer. fgets then returns the line in pieces. Only the first piece
 * has the addresses; the loop skips the others. (getline() returns whole lines, but calls malloc,
 * and so would change the memory that this program shows.) */
static int mapping_find(FILE *maps, uintptr_t address, struct mapping *map)
{
    char piece[LINE_KEPT];
    int at_line_start = 1;

    rewind(maps);
    while (fgets(piece, sizeof piece, maps)) {
        int is_first = at_line_start;

        at_line_start = strchr(piece, '\n') != NULL;
        if (is_first && mapping_parse(piece, map) && address >= map->start && address < map->end)
            return 1;
    }
    return 0;
}

int main(void)
{
    int local = 3;
    char *small = malloc(SMALL);
    char *big = malloc(BIG);
    FILE *maps = fopen("/proc/self/maps", "r");

    if (!small || !big || !maps) {
        perror("layout");
        return 1;
    }

    const struct {
        const char *what;
        uintptr_t address;
    } things[] = {
        {"function main", (uintptr_t)main},
        {"constant", (uintptr_t)&constant},
        {"initialised variable", (uintptr_t)&initialised},
        {"zeroed array, first byte", (uintptr_t)&zeroes[0]},
        {"zeroed array, last byte", (uintptr_t)&zeroes[ZEROES - 1]},
        {"malloc, 100 bytes", (uintptr_t)small},
        {"malloc, 1 MiB", (uintptr_t)big},
        {"local variable", (uintptr_t)&local},
    };

    printf("%-24s  %-14s  %-29s  %-5s  %s\n", "WHAT", "ADDRESS", "MAPPING", "PERMS", "NAME");
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
        struct mapping map;
        char range[40] = "-";

        if (mapping_find(maps, things[i].address, &map))
            snprintf(range, sizeof range, "%#" PRIxPTR "-%#" PRIxPTR, map.start, map.end);
        else
            map = (struct mapping){.perms = "-", .name = "(not mapped)"};
        printf("%-24s  %#-14" PRIxPTR "  %-29s  %-5s  %s\n", things[i].what, things[i].address,
               range, map.perms, map.name);
    }

    fclose(maps);
    free(big);
    free(small);
    return 0;
}
