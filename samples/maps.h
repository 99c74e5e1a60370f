/* maps.h: for the samples, a process's view of its own memory: /proc/self/maps, and page faults.
 *
 * The functions must not change what they show. malloc would, and so would a stdio stream, whose
 * buffer is from malloc: read(2) reads the file into static memory, and output_prepare() gives
 * standard output a static buffer before the first output. proc(5) describes the file's format.
 */
#ifndef SAMPLES_MAPS_H
#define SAMPLES_MAPS_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    KIB = 1024,
    TEXT_KEPT = 128 * KIB, /* bytes of a file that are read: a thousand mappings in maps */
    NAME_KEPT = 40,        /* bytes of a mapping's name, with the closing zero */
};

struct mapping {
    uintptr_t start, end; /* end is the first address after it; both 0: there is no mapping */
    char perms[5];        /* "r-xp" */
    char name[NAME_KEPT]; /* a path's last component, "[heap]", or "(anonymous)" */
};

#pragma weak malloc_trim
int malloc_trim(size_t pad); /* malloc_trim(3); musl has none */

/* Has malloc unmap the mappings that it keeps for a while after free(): libc-min's keeps some,
 * because a program that frees a large block often asks for one again. The heap stays as it is. 0:
 * this malloc cannot. */
static inline int mappings_trim(void)
{
    return malloc_trim && malloc_trim(1024 * KIB);
}

static inline void output_prepare(void)
{
    static char buffer[4 * KIB];

    setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
}

/* Returns the text of a file of /proc/self. The next call overwrites it. */
static inline const char *proc_read(const char *path)
{
    static char text[TEXT_KEPT];
    size_t length = 0;
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        perror(path);
        exit(1);
    }
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    return text;
}

static inline const char *maps_read(void)
{
    return proc_read("/proc/self/maps");
}

/* Takes one line, such as
 *     7ffff7f2c000-7ffff7f40000 r--p 00000000 fe:01 1234      /lib/libc.so
 * and returns the start of the next, or NULL at the end. The name follows the fifth field and may
 * hold spaces; anonymous memory has none. */
static inline const char *mapping_parse(const char *line, struct mapping *map)
{
    const char *end = strchr(line, '\n');
    char *at;

    if (!end)
        return NULL;
    map->start = strtoul(line, &at, 16);
    map->end = strtoul(at + 1, &at, 16);
    snprintf(map->perms, sizeof map->perms, "%.4s", at + 1);

    const char *name = at + 1;
    for (int fields = 0; fields < 4; fields++) {
        name += strcspn(name, " \n");
        name += strspn(name, " ");
    }
    for (const char *slash = name; *name == '/' && slash < end; slash++)
        if (slash[0] == '/' && !memchr(slash + 1, '/', (size_t)(end - slash - 1)))
            name = slash + 1;
    snprintf(map->name, sizeof map->name, "%.*s", (int)(end - name), name);
    if (map->name[0] == '\0')
        strcpy(map->name, "(anonymous)");
    return end + 1;
}

/* Fills `map` with the mapping that holds `address` and returns 1, or with zeroes and returns 0. */
static inline int mapping_find(uintptr_t address, struct mapping *map)
{
    for (const char *line = maps_read(); (line = mapping_parse(line, map));)
        if (address >= map->start && address < map->end)
            return 1;
    memset(map, 0, sizeof *map);
    return 0;
}

/* The same for a name, "[heap]" or "[stack]": the range is from the first to the last mapping of
 * that name, with the permissions of the last. (musl's malloc makes the first page of [heap]
 * inaccessible.) */
static inline int mapping_named(const char *name, struct mapping *map)
{
    struct mapping found = {0}, next;

    for (const char *line = maps_read(); (line = mapping_parse(line, &next));)
        if (strcmp(next.name, name) == 0) {
            if (found.end != 0)
                next.start = found.start;
            found = next;
        }
    *map = found;
    return found.end != 0;
}

/* Bytes of all mappings together. */
static inline size_t mapped_total(void)
{
    struct mapping map;
    size_t total = 0;

    for (const char *line = maps_read(); (line = mapping_parse(line, &map));)
        total += map.end - map.start;
    return total;
}

/* Returns the number of page faults of this process that needed no disk. The kernel counts first
 * and then writes `usage`, and the write may be a fault: the second call counts that fault. */
static inline long faults_taken(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

/* Prints a mapping in columns and ends the line. */
static inline void mapping_print(const struct mapping *map)
{
    if (map->end == 0)
        printf("nothing is mapped there\n");
    else
        printf("%#zx-%#zx %6zuK %s %s\n", (size_t)map->start, (size_t)map->end,
               (size_t)(map->end - map->start) / KIB, map->perms, map->name);
}

#endif
