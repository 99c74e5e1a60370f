/* A file's segments into memory. */
#ifndef RT_MAP_H
#define RT_MAP_H

#include "base/problem.h"
#include "object.h"

/* Bytes of a file that are read at first: an ELF header with a usual number of program headers. */
enum { MAP_HEAD = 1024 };

/* The first bytes of a file. */
struct map_head {
    union {
        Elf64_Ehdr header;
        char bytes[MAP_HEAD];
    };
    size_t size; /* bytes that were read */
};

/* Reads it. false: *problem. */
bool map_head_read(struct map_head *head, int fd, struct problem *problem);

/* Is the file ELF, but of another class, byte order or machine? A search passes over such a file.
 */
bool map_head_foreign(const struct map_head *head);

/* Maps the file and fills the fields that object.h names. `program`: ET_EXEC is allowed. `size`: of
 * the file, bytes. false: *problem, nothing stays mapped. */
bool object_map(struct object *object, int fd, const struct map_head *head, uint64_t size,
                bool program, uintptr_t *entry, struct problem *problem);

/* mprotect(2) of whole pages. false: *problem, without the object's name. */
bool map_protect(uintptr_t start, size_t size, int protection, struct problem *problem);

/* Undoes it. */
void object_unmap(struct object *object);

#endif
