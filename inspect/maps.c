#include "maps.h"

#include <errno.h>
#include <fcntl.h>
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

bool maps_read(struct maps *maps, pid_t pid)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    *maps = (struct maps){.text = maps_read_file(path, NULL)};
    if (maps->text == NULL)
        return false;
    size_t lines = 0;
    for (const char *c = maps->text; *c != '\0'; c++)
        lines += *c == '\n';
    maps->entries = calloc(lines + 1, sizeof *maps->entries);
    if (maps->entries == NULL) {
        free(maps->text);
        errno = ENOMEM;
        return false;
    }
    char *next, *line = maps->text;
    for (; (next = strchr(line, '\n')) != NULL; line = next + 1) {
        *next = '\0';
        if (parse_line(&maps->entries[maps->count], line))
            maps->count++;
    }
    return true;
}

void maps_free(struct maps *maps)
{
    free(maps->entries);
    free(maps->text);
    *maps = (struct maps){0};
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
