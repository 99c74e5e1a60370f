#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* <linux/fs.h> of 6.11 and later; older headers do not have it. */
struct query {
    uint64_t size, flags, address;                     /* in */
    uint64_t start, end, vma_flags, page_size, offset; /* out */
    uint64_t inode;
    uint32_t major, minor;
    uint32_t name_size; /* in: the room; out: the length with its NUL; 0: no name */
    uint32_t build_id_size;
    uint64_t name, build_id;
};
#define QUERY _IOWR('f', 17, struct query)
enum {
    QUERY_READABLE = 1,
    QUERY_WRITABLE = 2,
    QUERY_EXECUTABLE = 4,
    QUERY_SHARED = 8,
    QUERY_NEXT = 16
};

/* "fe:00", as maps has it; the last two are kept. */
static const char *device_name(uint32_t major, uint32_t minor)
{
    static struct {
        uint32_t major, minor;
        const char *name;
    } known[2];
    size_t index = major != 0 || minor != 0;
    if (known[index].name == NULL || known[index].major != major || known[index].minor != minor) {
        char text[24];
        snprintf(text, sizeof text, "%02x:%02x", major, minor);
        known[index].major = major;
        known[index].minor = minor;
        known[index].name = space_intern(text);
    }
    return known[index].name;
}

/* The same without PROCMAP_QUERY: reads all maps. */
static int query_by_reading(const struct target *target, uint64_t address, bool next,
                            struct region *region)
{
    static struct space space;
    if (!target_read(target, &space))
        return -1;
    const struct region *found = space_at(&space, address);
    if (found == NULL || (!next && found->start > address))
        return 0;
    *region = *found;
    return 1;
}

int target_query(const struct target *target, uint64_t address, bool next, struct region *region)
{
    static bool missing;
    static char name[PATH_MAX + 16];
    struct query query = {.size = sizeof query, .flags = next ? QUERY_NEXT : 0, .address = address};
    if (!missing && ioctl(target->maps, QUERY, &query) != 0) {
        if (errno != ENOTTY && errno != EINVAL)
            return errno == ENOENT ? 0 : -1;
        missing = true;
    }
    if (missing)
        return query_by_reading(target, address, next, region);
    if (query.inode != 0 || (query.vma_flags & QUERY_EXECUTABLE) != 0) {
        query.name = (uintptr_t)name;
        query.name_size = sizeof name;
        query.address = query.start;
        if (ioctl(target->maps, QUERY, &query) != 0)
            return -1;
    }
    *region =
        (struct region){.start = query.start,
                        .end = query.end,
                        .offset = query.inode == 0 ? 0 : query.offset,
                        .inode = query.inode,
                        .device = device_name(query.major, query.minor),
                        .name = query.name == 0 || query.name_size == 0 ? space_intern("")
                                                                        : space_intern(name),
                        .permissions = {(query.vma_flags & QUERY_READABLE) != 0 ? 'r' : '-',
                                        (query.vma_flags & QUERY_WRITABLE) != 0 ? 'w' : '-',
                                        (query.vma_flags & QUERY_EXECUTABLE) != 0 ? 'x' : '-',
                                        (query.vma_flags & QUERY_SHARED) != 0 ? 's' : 'p', '\0'}};
    return 1;
}

bool target_read(const struct target *target, struct space *space)
{
    struct maps maps;
    if (!maps_read(&maps, target->pid))
        return false;
    space_read(space, &maps, true);
    maps_free(&maps);
    return true;
}

void target_hold(struct target *target)
{
    char path[64];
    if (target->maps >= 0)
        close(target->maps);
    snprintf(path, sizeof path, "/proc/%d/maps", (int)target->pid);
    target->maps = open(path, O_RDONLY | O_CLOEXEC);
}

bool target_open(struct target *target)
{
    target_hold(target);
    if (target->maps < 0 || !target_read(target, &target->space))
        return false;
    target->break_start = target->break_now = maps_break_start(target->pid);
    target->top = 0;
    for (size_t i = 0; i < target->space.count; i++) {
        const struct region *region = &target->space.entries[i];
        if (strcmp(region->name, "[heap]") == 0 && region->end > target->break_now)
            target->break_now = region->end;
        if (strcmp(region->name, "[stack]") == 0)
            break;
        target->top = region->end;
    }
    return true;
}

bool target_is_replaced(const struct target *target)
{
    char byte;
    return target->maps < 0 || pread(target->maps, &byte, 1, 0) <= 0;
}
