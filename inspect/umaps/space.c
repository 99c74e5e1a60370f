#include "space.h"

#include "base/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory for the model. Without it a recording cannot go on, and the program must: the guardian
 * (supervise.c) answers in this process's place. */
static void *grown(void *memory, size_t count, size_t size)
{
    memory = realloc(memory, count * size);
    if (memory == NULL) {
        fputs("umaps: no memory for the model of an address space\n", stderr);
        exit(125);
    }
    return memory;
}

const char *space_intern(const char *text)
{
    enum { BUCKETS = 4096 };
    static struct entry {
        struct entry *next;
        char text[];
    } * buckets[BUCKETS];
    static const char none[1];
    if (*text == '\0')
        return none;
    uint32_t hash = 5381;
    for (const char *c = text; *c != '\0'; c++)
        hash = hash * 33 + (unsigned char)*c;
    for (struct entry *entry = buckets[hash % BUCKETS]; entry != NULL; entry = entry->next)
        if (strcmp(entry->text, text) == 0)
            return entry->text;
    size_t length = strlen(text) + 1;
    struct entry *entry = grown(NULL, 1, sizeof *entry + length);
    memcpy(entry->text, text, length);
    entry->next = buckets[hash % BUCKETS];
    buckets[hash % BUCKETS] = entry;
    return entry->text;
}

/* Do two regions differ in their range alone, and is `second` the continuation of `first`? */
static bool continues(const struct region *first, const struct region *second)
{
    return first->end == second->start && first->inode == second->inode &&
           first->name == second->name && first->device == second->device &&
           memcmp(first->permissions, second->permissions, 4) == 0 &&
           (first->inode == 0 || first->offset + (first->end - first->start) == second->offset);
}

/* The index of the first region that ends above `address`. */
static size_t lower(const struct space *space, uint64_t address)
{
    size_t low = 0, high = space->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (space->entries[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Replaces `old` entries at `index` by `fresh` empty ones. */
static void splice(struct space *space, size_t index, size_t old, size_t fresh)
{
    if (space->entries == NULL || space->count - old + fresh > space->room) {
        space->room = 2 * (space->count + fresh) + 64;
        space->entries = grown(space->entries, space->room, sizeof *space->entries);
    }
    memmove(space->entries + index + fresh, space->entries + index + old,
            (space->count - index - old) * sizeof *space->entries);
    space->count = space->count - old + fresh;
}

void space_append(struct space *space, const struct region *region, bool join)
{
    if (join && space->count > 0 && continues(&space->entries[space->count - 1], region)) {
        space->entries[space->count - 1].end = region->end;
        return;
    }
    splice(space, space->count, 0, 1);
    space->entries[space->count - 1] = *region;
}

void space_read(struct space *space, const struct maps *maps, bool join)
{
    space->count = 0;
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        if (mapping->start >> 63 != 0)
            continue;
        struct region region = {.start = mapping->start,
                                .end = mapping->end,
                                .offset = mapping->inode == 0 ? 0 : mapping->offset,
                                .inode = mapping->inode,
                                .device = space_intern(mapping->device),
                                .name = space_intern(mapping->name)};
        memcpy(region.permissions, mapping->permissions, sizeof region.permissions);
        space_append(space, &region, join);
    }
}

void space_copy(struct space *to, const struct space *from)
{
    to->room = from->count + 64;
    to->count = from->count;
    to->entries = grown(NULL, to->room, sizeof *to->entries);
    if (from->count > 0)
        memcpy(to->entries, from->entries, from->count * sizeof *to->entries);
}

void space_free(struct space *space)
{
    free(space->entries);
    *space = (struct space){0};
}

const struct region *space_at(const struct space *space, uint64_t address)
{
    size_t index = lower(space, address);
    return index < space->count ? &space->entries[index] : NULL;
}

bool space_is_free(const struct space *space, uint64_t start, uint64_t end)
{
    const struct region *region = space_at(space, start);
    return region == NULL || region->start >= end;
}

bool space_is_full(const struct space *space, uint64_t start, uint64_t end)
{
    for (size_t i = lower(space, start); i < space->count && start < end; i++) {
        if (space->entries[i].start > start)
            return false;
        start = space->entries[i].end;
    }
    return start >= end;
}

static void cut_start(struct region *region, uint64_t start)
{
    if (region->inode != 0)
        region->offset += start - region->start;
    region->start = start;
}

/* Makes `address` a boundary between regions. Returns the index of the first region from it on. */
static size_t split(struct space *space, uint64_t address)
{
    size_t index = lower(space, address);
    if (index == space->count || space->entries[index].start >= address)
        return index;
    splice(space, index, 0, 1);
    space->entries[index] = space->entries[index + 1];
    space->entries[index].end = address;
    cut_start(&space->entries[index + 1], address);
    return index + 1;
}

/* Joins what has become one, from `first` to `last` and their neighbours. */
static void join(struct space *space, size_t first, size_t last)
{
    for (size_t i = last < space->count ? last : space->count - 1; i >= 1 && i >= first; i--) {
        if (i < space->count && continues(&space->entries[i - 1], &space->entries[i])) {
            space->entries[i - 1].end = space->entries[i].end;
            splice(space, i, 1, 0);
        }
    }
}

void space_apply(struct space *space, const struct change *change)
{
    const struct region *region = &change->region;
    if (region->start >= region->end)
        return;
    size_t first = split(space, region->start), last = split(space, region->end);
    switch (change->kind) {
    case CHANGE_UNMAP:
        splice(space, first, last - first, 0);
        return;
    case CHANGE_PROTECT:
        for (size_t i = first; space->entries != NULL && i < last; i++)
            memcpy(space->entries[i].permissions, region->permissions, 3);
        break;
    case CHANGE_MAP:
        splice(space, first, last - first, 1);
        space->entries[first] = *region;
        last = first + 1;
        break;
    }
    if (space->count > 0)
        join(space, first == 0 ? 1 : first, last);
}

void changes_add(struct changes *changes, const struct change *change)
{
    if (changes->entries == NULL || changes->count == changes->room) {
        changes->room = 2 * changes->room + 16;
        changes->entries = grown(changes->entries, changes->room, sizeof *changes->entries);
    }
    changes->entries[changes->count++] = *change;
}

void changes_clear(struct changes *changes)
{
    changes->count = 0;
}

/* What has to be done to a part [start, end) that is `from` here and `to` there; NULL: a gap. */
static void compare_part(const struct region *from, const struct region *to, uint64_t start,
                         uint64_t end, struct changes *changes)
{
    struct change change = {.kind = CHANGE_UNMAP};
    if (from == NULL && to == NULL)
        return;
    if (to != NULL) {
        change.kind = CHANGE_MAP;
        change.region = *to;
        cut_start(&change.region, start);
    }
    if (from != NULL && to != NULL && from->inode == to->inode && from->name == to->name &&
        from->device == to->device && from->permissions[3] == to->permissions[3] &&
        (from->inode == 0 ||
         from->offset - from->start == to->offset - to->start)) { /* modulo 2^64 */
        if (memcmp(from->permissions, to->permissions, 4) == 0)
            return;
        change.kind = CHANGE_PROTECT;
    }
    change.region.start = start;
    change.region.end = end;
    struct change *last = changes->count == 0 ? NULL : &changes->entries[changes->count - 1];
    if (last != NULL && last->kind == change.kind && last->region.end == start &&
        (change.kind == CHANGE_UNMAP || continues(&last->region, &change.region))) {
        last->region.end = end;
        return;
    }
    changes_add(changes, &change);
}

void space_compare(const struct space *from, const struct space *to, struct changes *changes)
{
    size_t i = 0, j = 0;
    uint64_t at = 0;
    while (i < from->count || j < to->count) {
        const struct region *old = i < from->count ? &from->entries[i] : NULL;
        const struct region *new = j < to->count ? &to->entries[j] : NULL;
        if (old != NULL && old->end <= at) {
            i++;
            continue;
        }
        if (new != NULL &&new->end <= at) {
            j++;
            continue;
        }
        /* the next boundary above `at` */
        uint64_t end = UINT64_MAX;
        bool in_old = old != NULL && old->start <= at, in_new = new != NULL &&new->start <= at;
        if (old != NULL)
            end = in_old ? old->end : old->start;
        if (new != NULL) {
            uint64_t other = in_new ? new->end : new->start;
            end = other < end ? other : end;
        }
        compare_part(in_old ? old : NULL, in_new ? new : NULL, at, end, changes);
        at = end;
    }
}

uint64_t space_find_gap(const struct space *space, uint64_t bottom, uint64_t top, uint64_t size,
                        uint64_t align)
{
    size_t index = lower(space, top);
    if (index < space->count && space->entries[index].start < top)
        top = space->entries[index].start;
    for (;;) {
        uint64_t low = index == 0 ? bottom : space->entries[index - 1].end;
        if (low < bottom)
            low = bottom;
        if (top >= size && top > low) {
            uint64_t start = (top - size) & ~(align - 1);
            if (start >= low)
                return start;
        }
        if (index == 0 || top <= bottom)
            return 0;
        top = space->entries[--index].start;
    }
}
