#include "resolve.h"

#include "base/page.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

/* What is known of a call so far. */
struct answer {
    bool known;  /* result and changes are found */
    bool failed; /* no effect: the call failed */
    bool has_result;
    uint64_t result;
    struct changes changes;
};

static struct answer answer; /* its memory is used again */

static void add(enum change_kind kind, const struct region *region)
{
    struct change change = {kind, *region};
    changes_add(&answer.changes, &change);
}

static void found(uint64_t result)
{
    answer.known = answer.has_result = true;
    answer.result = result;
}

static void failed(void)
{
    answer.known = answer.failed = true;
}

/* Rounds up to a page; 0: there is none above. */
static uint64_t pages(uint64_t bytes)
{
    return bytes > UINT64_MAX - ARCH_PAGE ? 0 : page_up(bytes);
}

static void permissions_of(uint64_t protection, uint64_t flags, char permissions[5])
{
    permissions[0] = (protection & PROT_READ) != 0 ? 'r' : '-';
    permissions[1] = (protection & PROT_WRITE) != 0 ? 'w' : '-';
    permissions[2] = (protection & PROT_EXEC) != 0 ? 'x' : '-';
    permissions[3] = (flags & MAP_TYPE) == MAP_PRIVATE ? 'p' : 's';
    permissions[4] = '\0';
}

/* Narrows a region that the kernel reports to a part of it. */
static void narrow(struct region *region, uint64_t start, uint64_t end)
{
    if (region->inode != 0)
        region->offset += start - region->start;
    region->start = start;
    region->end = end;
}

/* Is `size` bytes at `address` what mmap(2) with these arguments makes? */
static bool is_mapped(const struct target *target, uint64_t address, uint64_t size,
                      const uint64_t arguments[6], struct region *region)
{
    char permissions[5];
    permissions_of(arguments[2], arguments[3], permissions);
    if (target_query(target, address, false, region) != 1 || region->end < address + size ||
        memcmp(region->permissions, permissions, 4) != 0)
        return false;
    narrow(region, address, address + size);
    /* the kernel's name for what touches the break's range, whoever mapped it */
    if (region->inode == 0 && address < target->break_now && address + size > target->break_start)
        region->name = space_intern("[heap]");
    if ((arguments[3] & MAP_ANONYMOUS) != 0)
        return (region->inode == 0) == (permissions[3] == 'p');
    return region->inode != 0 && region->offset == arguments[5];
}

/* The places where the kernel may put `size` bytes: below the top of its area, the highest that is
 * free; large ones at a multiple of 2 MiB since Linux 6.7, if there is one. Returns their number.
 */
static size_t guess_places(const struct target *target, uint64_t size, uint64_t places[2])
{
    const uint64_t huge = (uint64_t)2 << 20, bottom = 65536;
    size_t count = 0;
    uint64_t plain = space_find_gap(&target->space, bottom, target->top, size, ARCH_PAGE);
    if (size >= huge) {
        /* it asks for room for the alignment as well, and rounds what it gets up */
        uint64_t padded =
            space_find_gap(&target->space, bottom, target->top, size + huge - ARCH_PAGE, ARCH_PAGE);
        if (padded != 0)
            places[count++] = (padded + huge - 1) & ~(huge - 1);
    }
    if (plain != 0)
        places[count++] = plain;
    return count;
}

static void guess_map(const struct target *target, const uint64_t arguments[6])
{
    enum { FIXED = MAP_FIXED | MAP_FIXED_NOREPLACE };
    uint64_t size = pages(arguments[1]), places[3];
    size_t count = 0;
    struct region region;
    if (size == 0 || (arguments[3] & MAP_TYPE) == 0) {
        failed();
        return;
    }
    if ((arguments[3] & FIXED) != 0) {
        places[count++] = arguments[0];
    } else {
        uint64_t hint = pages(arguments[0]);
        if (hint != 0 && hint + size > hint)
            places[count++] = hint;
        count += guess_places(target, size, places + count);
    }
    for (size_t i = 0; i < count; i++) {
        if (places[i] % ARCH_PAGE != 0 || places[i] + size < places[i])
            continue;
        bool fresh = space_is_free(&target->space, places[i], places[i] + size);
        if ((fresh || (arguments[3] & MAP_FIXED) != 0) &&
            is_mapped(target, places[i], size, arguments, &region)) {
            add(CHANGE_MAP, &region);
            found(places[i]);
            return;
        }
    }
}

static void guess_unmap(const struct target *target, const uint64_t arguments[6])
{
    struct region region = {.start = arguments[0], .end = arguments[0] + pages(arguments[1])}, next;
    if (region.start % ARCH_PAGE != 0 || region.end <= region.start) {
        failed();
        return;
    }
    int there = target_query(target, region.start, true, &next);
    if (there == 0 || (there == 1 && next.start >= region.end)) {
        if (!space_is_free(&target->space, region.start, region.end))
            add(CHANGE_UNMAP, &region);
        found(0);
    }
}

static void guess_protect(const struct target *target, const uint64_t arguments[6])
{
    struct region region = {.start = arguments[0], .end = arguments[0] + pages(arguments[1])}, part;
    permissions_of(arguments[2], MAP_PRIVATE, region.permissions);
    if (region.start % ARCH_PAGE != 0 || region.end < region.start ||
        (arguments[2] & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC)) != 0)
        return;
    for (uint64_t at = region.start; at < region.end; at = part.end)
        if (target_query(target, at, false, &part) != 1 ||
            memcmp(part.permissions, region.permissions, 3) != 0)
            return;
    if (region.start < region.end)
        add(CHANGE_PROTECT, &region);
    found(0);
}

static void guess_break(const struct target *target, const uint64_t arguments[6])
{
    uint64_t want = arguments[0], now = target->break_now;
    struct region region = {.start = pages(now), .end = pages(want)}, there;
    if (want == 0 || want < target->break_start || want == now || target->break_start == 0) {
        found(now);
        return;
    }
    if (region.end > region.start) {
        if (target_query(target, region.end - ARCH_PAGE, false, &there) != 1 ||
            there.start > region.start || there.inode != 0)
            return;
        region.device = there.device;
        region.name = space_intern("[heap]");
        memcpy(region.permissions, there.permissions, sizeof region.permissions);
        add(CHANGE_MAP, &region);
    } else if (region.end < region.start) {
        struct region gap = {.start = region.end, .end = region.start};
        int next = target_query(target, gap.start, true, &there);
        if (next < 0 || (next == 1 && there.start < gap.end))
            return;
        add(CHANGE_UNMAP, &gap);
    }
    found(want);
}

static void guess_remap(const struct target *target, const uint64_t arguments[6])
{
    uint64_t old = arguments[0], old_size = pages(arguments[1]), size = pages(arguments[2]);
    uint64_t flags = arguments[3], places[2] = {arguments[4], 0};
    const struct region *model = space_at(&target->space, old);
    struct region gap = {.start = old, .end = old + old_size}, region, there;
    bool fixed = (flags & MREMAP_FIXED) != 0;
    if (old % ARCH_PAGE != 0 || size == 0 || old_size == 0 || model == NULL || model->start > old ||
        model->end < old + old_size)
        return;
    region = *model;
    narrow(&region, old, old + old_size);
    if (!fixed && (flags & MREMAP_DONTUNMAP) == 0) {
        if (size <= old_size) {
            gap.start = old + size;
            if (gap.start < gap.end) {
                int next = target_query(target, gap.start, true, &there);
                if (next < 0 || (next == 1 && there.start < gap.end))
                    return;
                add(CHANGE_UNMAP, &gap);
            }
            found(old);
            return;
        }
        if (space_is_free(&target->space, old + old_size, old + size) &&
            target_query(target, old, false, &there) == 1 && there.end >= old + size) {
            region.end = old + size;
            add(CHANGE_MAP, &region);
            found(old);
            return;
        }
    }
    size_t count = fixed ? 1 : guess_places(target, size, places);
    for (size_t i = 0; i < count; i++) {
        if (!space_is_free(&target->space, places[i], places[i] + size) ||
            target_query(target, places[i], false, &there) != 1 || there.end < places[i] + size ||
            there.inode != region.inode || memcmp(there.permissions, region.permissions, 4) != 0)
            continue;
        narrow(&there, places[i], places[i] + size);
        if (there.offset != region.offset)
            continue;
        int next = target_query(target, old, true, &region);
        bool gone = next == 0 || (next == 1 && region.start >= gap.end);
        if (gone == ((flags & MREMAP_DONTUNMAP) != 0))
            continue;
        if (gone)
            add(CHANGE_UNMAP, &gap);
        add(CHANGE_MAP, &there);
        found(places[i]);
        return;
    }
}

static void guess(const struct target *target, const struct call *call, enum call_effect effect)
{
    switch (effect) {
    case EFFECT_MAP:
        guess_map(target, call->arguments);
        break;
    case EFFECT_UNMAP:
        guess_unmap(target, call->arguments);
        break;
    case EFFECT_PROTECT:
        guess_protect(target, call->arguments);
        break;
    case EFFECT_BREAK:
        guess_break(target, call->arguments);
        break;
    case EFFECT_REMAP:
        guess_remap(target, call->arguments);
        break;
    default:
        break;
    }
}

/* Does a difference between model and kernel belong to the call? Cuts *change to the part that
 * does. */
static bool belongs(const struct call *call, enum call_effect effect, struct change *change)
{
    const uint64_t *arguments = call->arguments;
    uint64_t size = pages(arguments[1]), start = arguments[0], end = start + size;
    char permissions[5];
    switch (effect) {
    case EFFECT_MAP:
        permissions_of(arguments[2], arguments[3], permissions);
        if ((arguments[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0)
            break;
        if (change->kind != CHANGE_MAP || change->region.end - change->region.start < size ||
            memcmp(change->region.permissions, permissions, 4) != 0 || answer.changes.count > 0)
            return false;
        /* mappings of one kind that touch are one: the call's is the lowest, as the last made */
        change->region.end = change->region.start + size;
        return true;
    case EFFECT_UNMAP:
    case EFFECT_PROTECT:
        break;
    case EFFECT_BREAK:
        return strcmp(change->region.name == NULL ? "[heap]" : change->region.name, "[heap]") == 0;
    default:
        return true;
    }
    if (change->region.start >= end || change->region.end <= start)
        return false;
    uint64_t low = change->region.start > start ? change->region.start : start;
    narrow(&change->region, low, change->region.end < end ? change->region.end : end);
    return true;
}

/* Finds the answer by reading all maps. */
static void read_all(struct recording *recording, struct target *target, const struct call *call,
                     enum call_effect effect, bool alone)
{
    static struct changes all, rest;
    static struct space now;
    changes_clear(&all);
    changes_clear(&rest);
    answer.known = true;
    if (!target_read(target, &now))
        return;
    space_compare(&target->space, &now, &all);
    for (size_t i = 0; i < all.count; i++) {
        struct change part = all.entries[i];
        bool stack = part.kind == CHANGE_MAP && strcmp(part.region.name, "[stack]") == 0;
        if (!stack && belongs(call, effect, &part))
            changes_add(&answer.changes, &part);
        else if (alone)
            changes_add(&rest, &part);
    }
    if (alone) {
        for (size_t i = 0; i < rest.count; i++)
            space_apply(&target->space, &rest.entries[i]);
        recording_changed(recording, target, &rest);
    }
    const struct changes *changes = &answer.changes;
    switch (effect) {
    case EFFECT_MAP:
    case EFFECT_REMAP:
        answer.failed = changes->count == 0;
        for (size_t i = 0; i < changes->count; i++)
            if (changes->entries[i].kind == CHANGE_MAP && !answer.has_result)
                found(changes->entries[i].region.start);
        if ((call->arguments[3] & MAP_FIXED) != 0 && effect == EFFECT_MAP && !answer.failed)
            found(call->arguments[0]);
        break;
    case EFFECT_BREAK:
        found(changes->count == 0 ? target->break_now : call->arguments[0]);
        break;
    case EFFECT_PROTECT:
        answer.failed = changes->count == 0;
        if (!answer.failed)
            found(0);
        break;
    case EFFECT_UNMAP:
        found(0);
        break;
    default:
        break;
    }
}

bool resolve_matters(const struct task *task)
{
    const struct call_kind *kind = task->call.pending ? call_kind(task->call.number) : NULL;
    return kind != NULL && kind->effect >= EFFECT_MAP && kind->effect <= EFFECT_READ;
}

/* Would the call, as the model is, change nothing? Then its end cannot be seen, and need not be. */
static bool is_idle(const struct target *target, const struct call *call, enum call_effect effect)
{
    uint64_t start = call->arguments[0], end = start + pages(call->arguments[1]);
    if (effect == EFFECT_UNMAP)
        return start % ARCH_PAGE == 0 && end > start && space_is_free(&target->space, start, end);
    if (effect == EFFECT_BREAK)
        return pages(start) == pages(target->break_now) || start < target->break_start;
    return false;
}

bool resolve_call(struct recording *recording, struct task *task, enum resolve_when when)
{
    struct target *target = task->target;
    struct call *call = &task->call;
    const struct call_kind *kind = call_kind(call->number);
    changes_clear(&answer.changes);
    answer.known = answer.failed = answer.has_result = false;
    if (kind->effect == EFFECT_NONE || is_idle(target, call, kind->effect)) {
        answer.known = true;
        if (kind->effect == EFFECT_BREAK)
            guess(target, call, kind->effect);
        else if (kind->effect == EFFECT_UNMAP)
            found(0);
    } else {
        guess(target, call, kind->effect);
    }
    if (!answer.known) {
        if (when == RESOLVE_EARLY)
            return false;
        if (kind->effect >= EFFECT_MAP && kind->effect <= EFFECT_READ)
            read_all(recording, target, call, kind->effect, when == RESOLVE_LATE);
    }
    if (kind->effect == EFFECT_BREAK && answer.has_result)
        target->break_now = answer.result;
    recording_call(recording, task, kind, answer.has_result ? &answer.result : NULL, answer.failed,
                   &answer.changes);
    for (size_t i = 0; i < answer.changes.count; i++)
        space_apply(&target->space, &answer.changes.entries[i]);
    call->pending = false;
    return true;
}

bool resolve_check(struct recording *recording, struct target *target, uint64_t time)
{
    static struct changes changes;
    static struct space now;
    struct maps maps;
    struct usage *usages;
    changes_clear(&changes);
    if (!maps_read_usage(&maps, &usages, target->pid))
        return false;
    space_read(&now, &maps, true);
    space_compare(&target->space, &now, &changes);
    for (size_t i = 0; i < changes.count; i++)
        space_apply(&target->space, &changes.entries[i]);
    recording_changed(recording, target, &changes);
    recording_resident(recording, target, time, &maps, usages);
    free(usages);
    maps_free(&maps);
    return true;
}
