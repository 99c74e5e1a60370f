/* layout: where does each kind of thing in a C program live?
 *
 * A pointer is only a number. The kernel keeps a list of the address ranges that are mapped, and
 * shows it in /proc/self/maps; looking a pointer up in that list tells who put it there:
 *
 *     code, constant, variable   a mapping of the program's file, made from a program header
 *     end of a zeroed array      past the end of the file's bytes: anonymous memory
 *     malloc, small              glibc: [heap], grown by brk; musl: often in the scrap of a page
 *                                that the program's .bss left over, or in a mapping
 *     malloc, big                a mapping of its own (but the kernel shows neighbours that are
 *                                alike as one, so the range may be longer)
 *     local                      [stack]
 *
 * Compare the kinds: a fixed-address program (.exec, .static) is always at 0x400000, a PIE is
 * somewhere else in every run unless `setarch -R` turns the randomness off.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL = 100,         /* bytes; below the 128 KiB from which malloc asks for a mapping */
    BIG = 1024 * 1024,   /* bytes; above it */
    ZEROES = 128 * 1024, /* bytes; long enough to reach past the last page of file contents */
    LINE_KEPT = 512,     /* bytes of a line of /proc/self/maps; the rest is skipped */
};

static const int constant = 1;
static int initialised = 2;
static char zeroes[ZEROES]; /* takes no room in the file, only in memory: this is .bss */

struct mapping {
    uintptr_t start, end; /* end is the first address after it */
    char perms[5];        /* "r-xp" */
    char name[LINE_KEPT];
};

/* A maps line looks like
 *     7ffff7f2c000-7ffff7f40000 r--p 00000000 fe:01 1234      /lib/libc.so
 * with offset, device and inode between permissions and name. Nothing follows the inode if the
 * memory is anonymous. The name may hold spaces, so it is the rest of the line, not a word. If the
 * line was too long for our buffer, "..." stands for what is missing. */
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
 * A path can be longer than our buffer. fgets then returns the line in pieces; only the first
 * piece has the addresses, so the others are skipped, or they would be taken for lines. (getline
 * would avoid this, but it calls malloc, and would change the very thing we are looking at.) */
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
