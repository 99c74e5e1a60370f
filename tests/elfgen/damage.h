/* damage.h - the ways in which an image can be broken. */
#ifndef ELFGEN_DAMAGE_H
#define ELFGEN_DAMAGE_H

#include <stddef.h>

#include "image.h"

/* What a damage is told. */
enum damage_takes {
    TAKES_NOTHING,
    TAKES_NUMBER,
    TAKES_LOAD,   /* the index of a program header; without it, that of the last load */
    TAKES_INTERP, /* the same; without it, the first interp */
    TAKES_EHDR,   /* FIELD=VALUE... */
    TAKES_PHDR,   /* the index of a program header, then FIELD=VALUE... */
};

struct damage {
    const char *name;
    enum damage_takes takes;
    const char *help;

    /* `segment` is what TAKES_LOAD, TAKES_INTERP, TAKES_PHDR chose; else NULL */
    void (*apply)(struct image *image, struct segment *segment, const struct injury *injury);
};

extern const struct damage damages[];
extern const size_t damage_count;

/* How --list and messages show what a damage takes. */
const char *damage_arguments(const struct damage *damage);

/* NULL if there is none of this name. */
const struct damage *damage_find(const char *name);

#endif
