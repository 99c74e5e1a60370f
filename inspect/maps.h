/* An address space, from /proc/PID/maps (proc(5)). */
#ifndef UEXEC_MAPS_H
#define UEXEC_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mapping {
    uint64_t start, end; /* bytes */
    uint64_t offset;     /* in the file, bytes */
    uint64_t inode;      /* 0: no file */
    char permissions[5]; /* "r-xp" */
    const char *device;  /* "fe:00" */
    const char *name;    /* path, "[heap]" ..., or ""; with the kernel's escapes */
};

struct maps {
    struct mapping *entries; /* ascending; from malloc */
    size_t count;
    char *text; /* the memory of the strings; from malloc */
};

/* How a mapping is used, from /proc/PID/smaps (proc(5)); bytes. */
struct usage {
    uint64_t resident;     /* Rss */
    uint64_t proportional; /* Pss: a page that N processes have counts as 1/N */
    uint64_t dirty;        /* Shared_Dirty and Private_Dirty */
    uint64_t swapped;      /* Swap */
};

/* The kinds of mappings, for colours and sums. */
enum mapping_kind {
    MAPPING_CODE,      /* a file's, executable */
    MAPPING_CONSTANT,  /* a file's, neither writable nor executable */
    MAPPING_DATA,      /* a file's, writable */
    MAPPING_ANONYMOUS, /* no file: bss, malloc, threads */
    MAPPING_HEAP,
    MAPPING_STACK,
    MAPPING_KERNEL, /* [vdso], [vvar], [vsyscall] */
    MAPPING_KINDS,
};

/* Reads the maps of `pid`. false: errno, and nothing to free. */
bool maps_read(struct maps *maps, pid_t pid);

/* Reads the maps of `pid`, and the usage of each entry into *usages (from malloc; the caller's).
 * false: errno, and nothing to free. */
bool maps_read_usage(struct maps *maps, struct usage **usages, pid_t pid);

/* Free them. */
void maps_free(struct maps *maps);

/* Reads a whole file of /proc, whose size is not known in advance, into memory from malloc, with a
 * NUL that *length (may be NULL) does not count. NULL: errno. */
char *maps_read_file(const char *path, size_t *length);

/* Where the heap begins: field 47 of /proc/PID/stat (proc(5), start_brk). 0: it may not be read. */
uint64_t maps_break_start(pid_t pid);

/* Where the kernel put argc: field 28 of /proc/PID/stat (startstack). 0: it may not be read. */
uint64_t maps_stack_pointer(pid_t pid);

struct json;

/* Writes a mapping's start, end, size, permissions, offset, name and kind into an open object. */
void mapping_write(struct json *json, const struct mapping *mapping);

enum mapping_kind mapping_kind(const struct mapping *mapping);
const char *mapping_kind_name(enum mapping_kind kind);

#endif
