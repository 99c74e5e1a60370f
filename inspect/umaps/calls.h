/* The system calls that are recorded: one table, which the filter, the resolver and the writer of
 * events read. */
#ifndef UMAPS_CALLS_H
#define UMAPS_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* How an argument is written. */
enum argument_kind {
    ARGUMENT_NONE,
    ARGUMENT_ADDRESS,    /* "0x1000" */
    ARGUMENT_NUMBER,     /* unsigned */
    ARGUMENT_SIGNED,     /* int: a descriptor, an identifier */
    ARGUMENT_PROTECTION, /* "rw-" */
    ARGUMENT_MAP,        /* "MAP_PRIVATE|MAP_ANONYMOUS" */
    ARGUMENT_REMAP,      /* "MREMAP_MAYMOVE" */
    ARGUMENT_ADVICE,     /* "MADV_DONTNEED" */
    ARGUMENT_CLONE,      /* "CLONE_VM|..." */
};

/* How its effect on the layout is found (resolve.c). */
enum call_effect {
    EFFECT_NONE,    /* the layout stays as it is */
    EFFECT_MAP,     /* mmap */
    EFFECT_UNMAP,   /* munmap */
    EFFECT_PROTECT, /* mprotect */
    EFFECT_BREAK,   /* brk */
    EFFECT_REMAP,   /* mremap */
    EFFECT_READ,    /* any: the maps are read, and compared with the model */
    EFFECT_FORK,    /* a new thread or process */
    EFFECT_EXEC,    /* a new program */
    EFFECT_EXIT,    /* the end of a thread or process */
};

struct call_kind {
    long number;
    const char *name;
    enum call_effect effect;
    struct {
        const char *name;
        enum argument_kind kind;
    } arguments[6];
};

/* NULL: not recorded. */
const struct call_kind *call_kind(long number);

extern const struct call_kind call_kinds[];
extern const size_t call_kind_count;

/* Writes an argument that is a set of flags, or advice, as its names. Returns `text`. */
const char *call_argument(enum argument_kind kind, uint64_t value, char text[256]);

#endif
