/* A model of an address space: what is where, and changes of it. Pure: nothing here asks the
 * kernel, so that a recording can be replayed and a guess be checked. */
#ifndef UMAPS_SPACE_H
#define UMAPS_SPACE_H

#include "inspect/maps.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A range of pages with one set of attributes. Two that touch and have the same are one. */
struct region {
    uint64_t start, end; /* bytes, page multiples */
    uint64_t offset;     /* in the file, bytes; 0 without a file */
    uint64_t inode;      /* 0: no file */
    const char *device;  /* "fe:00", from space_intern() */
    const char *name;    /* as in maps, from space_intern() */
    char permissions[5]; /* "rw-p" */
};

struct space {
    struct region *entries; /* ascending, without overlap; from malloc */
    size_t count, room;
};

enum change_kind { CHANGE_MAP, CHANGE_UNMAP, CHANGE_PROTECT };

/* What a call does to a range: MAP replaces what is there by the region; UNMAP leaves a gap;
 * PROTECT gives the mapped parts the region's rwx. */
struct change {
    enum change_kind kind;
    struct region region; /* UNMAP: the range alone; PROTECT: range and permissions */
};

struct changes {
    struct change *entries; /* from malloc */
    size_t count, room;
};

/* One copy of a text, for the life of the process. */
const char *space_intern(const char *text);

/* Appends a region that is above all others. `join`: to the last one, if it continues that one. */
void space_append(struct space *space, const struct region *region, bool join);

/* Replaces the contents by those of maps, without [vsyscall], which is not of the process. */
void space_read(struct space *space, const struct maps *maps, bool join);

void space_copy(struct space *to, const struct space *from);
void space_free(struct space *space);

/* The region that holds an address, or the next above it; NULL: none. */
const struct region *space_at(const struct space *space, uint64_t address);

/* Is no page of the range mapped? */
bool space_is_free(const struct space *space, uint64_t start, uint64_t end);

/* Is each page of the range mapped? */
bool space_is_full(const struct space *space, uint64_t start, uint64_t end);

void space_apply(struct space *space, const struct change *change);

/* Appends the changes that make `to` of `from`, ascending. */
void space_compare(const struct space *from, const struct space *to, struct changes *changes);

/* The highest address below `top` where `size` bytes are free, a multiple of `align` (a power of
 * two, at least a page) and at least `bottom`; 0: none. */
uint64_t space_find_gap(const struct space *space, uint64_t bottom, uint64_t top, uint64_t size,
                        uint64_t align);

void changes_add(struct changes *changes, const struct change *change);
void changes_clear(struct changes *changes);

#endif
