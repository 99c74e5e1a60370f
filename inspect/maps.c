#include "maps.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *maps_read_file(const char *path, size_t *length)
{
    size_t have = 0, room = 16384;
    char *text = malloc(room);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && text != NULL) {
        ssize_t got = read(fd, text + have, room - have - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int error = errno;
            close(fd);
            free(text);
            errno = error;
            return NULL;
        }
        if (got == 0)
            break;
        have += (size_t)got;
        if (room - have < room / 4) {
            char *more = realloc(text, room *= 2);
            if (more == NULL)
                free(text);
            text = more;
        }
    }
    if (fd < 0 || text == NULL) {
        int error = errno;
        free(text);
        if (fd >= 0)
            close(fd);
        errno = error;
        return NULL;
    }
    close(fd);
    text[have] = '\0';
    if (length != NULL)
        *length = have;
    return text;
}

/* Splits one line into its fields in place. false: not a line of maps. */
static bool parse_line(struct mapping *mapping, char *line)
{
    char *at = line;
    mapping->start = strtoull(at, &at, 16);
    if (*at++ != '-')
        return false;
    mapping->end = strtoull(at, &at, 16);
    if (*at++ != ' ' || strnlen(at, 5) < 5)
        return false;
    memcpy(mapping->permissions, at, 4);
    mapping->permissions[4] = '\0';
    mapping->offset = strtoull(at + 5, &at, 16);
    if (*at++ != ' ')
        return false;
    mapping->device = at;
    at += strcspn(at, " ");
    if (*at == '\0')
        return false;
    *at++ = '\0';
    mapping->inode = strtoull(at, &at, 10);
    mapping->name = at + strspn(at, " ");
    return true;
}

/* Adds a field of smaps, "Rss:   12 kB", to the usage that it belongs to. */
static void parse_usage(struct usage *usage, const char *line)
{
    static const struct {
        const char *name;
        size_t member;
    } fields[] = {
        {"Rss:", offsetof(struct usage, resident)},
        {"Pss:", offsetof(struct usage, proportional)},
        {"Shared_Dirty:", offsetof(struct usage, dirty)},
        {"Private_Dirty:", offsetof(struct usage, dirty)},
        {"Swap:", offsetof(struct usage, swapped)},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        size_t length = strlen(fields[i].name);
        if (strncmp(line, fields[i].name, length) == 0)
            *(uint64_t *)((char *)usage + fields[i].member) += strtoull(line + length, NULL, 10) *
                                                               1024;
    }
}

/* Reads maps, or smaps where `usages` is not NULL. In smaps, the lines that are not of maps belong
 * to the mapping above them. */
static bool read_file(struct maps *maps, struct usage **usages, pid_t pid)
{
    char path[32];
    size_t room = 0;
    struct usage *usage = NULL;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, usages == NULL ? "maps" : "smaps");
    *maps = (struct maps){.text = maps_read_file(path, NULL)};
    if (maps->text == NULL)
        return false;
    char *next, *line = maps->text;
    for (; (next = strchr(line, '\n')) != NULL; line = next + 1) {
        *next = '\0';
        if (maps->count == room) {
            room = room == 0 ? 64 : 2 * room;
            struct mapping *more = realloc(maps->entries, room * sizeof *more);
            if (more == NULL)
                goto no_memory;
            maps->entries = more;
            if (usages != NULL) {
                struct usage *more_usage = realloc(usage, room * sizeof *usage);
                if (more_usage == NULL)
                    goto no_memory;
                usage = more_usage;
            }
        }
        if (parse_line(&maps->entries[maps->count], line)) {
            if (usage != NULL)
                usage[maps->count] = (struct usage){0};
            maps->count++;
        } else if (usage != NULL && maps->count > 0) {
            parse_usage(&usage[maps->count - 1], line);
        }
    }
    if (usages != NULL)
        *usages = usage;
    return true;
no_memory:
    free(usage);
    maps_free(maps);
    errno = ENOMEM;
    return false;
}

bool maps_read(struct maps *maps, pid_t pid)
{
    return read_file(maps, NULL, pid);
}

bool maps_read_usage(struct maps *maps, struct usage **usages, pid_t pid)
{
    return read_file(maps, usages, pid);
}

void maps_free(struct maps *maps)
{
    free(maps->entries);
    free(maps->text);
    *maps = (struct maps){0};
}

/* A field of /proc/PID/stat (proc(5)), counted from 1; 0: it may not be read. */
static uint64_t stat_field(pid_t pid, int field)
{
    enum { AFTER_NAME = 2 };
    char path[32];
    uint64_t value = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    char *text = maps_read_file(path, NULL);
    char *at = text == NULL ? NULL : strrchr(text, ')'); /* the name may have blanks */
    for (int i = AFTER_NAME; at != NULL && i < field; i++)
        at = strchr(at + 1, ' ');
    if (at != NULL)
        value = strtoull(at + 1, NULL, 10);
    free(text);
    return value;
}

uint64_t maps_break_start(pid_t pid)
{
    return stat_field(pid, 47);
}

uint64_t maps_stack_pointer(pid_t pid)
{
    return stat_field(pid, 28);
}

enum mapping_kind mapping_kind(const struct mapping *mapping)
{
    if (strcmp(mapping->name, "[heap]") == 0)
        return MAPPING_HEAP;
    if (strcmp(mapping->name, "[stack]") == 0)
        return MAPPING_STACK;
    if (strncmp(mapping->name, "[v", 2) == 0)
        return MAPPING_KERNEL;
    if (mapping->inode == 0)
        return MAPPING_ANONYMOUS;
    if (mapping->permissions[2] == 'x')
        return MAPPING_CODE;
    return mapping->permissions[1] == 'w' ? MAPPING_DATA : MAPPING_CONSTANT;
}

const char *mapping_kind_name(enum mapping_kind kind)
{
    static const char names[MAPPING_KINDS][16] = {
        [MAPPING_CODE] = "code",           [MAPPING_CONSTANT] = "constants",
        [MAPPING_DATA] = "data",           [MAPPING_ANONYMOUS] = "anonymous",
        [MAPPING_HEAP] = "heap",           [MAPPING_STACK] = "stack",
        [MAPPING_KERNEL] = "kernel's own",
    };
    return names[kind];
}
