/* A file's segments into memory. */
#ifndef RT_MAP_H
#define RT_MAP_H

#include "base/problem.h"
#include "object.h"

/* Read of a file at first, bytes: an ELF header with a usual number of program headers. */
enum { MAP_HEAD = 1024 };

/* The start of a file. */
struct map_head {
    union {
        Elf64_Ehdr header;
        char bytes[MAP_HEAD];
    };
    size_t size; /* that there is of it */
};

/* Reads it. false: *problem. */
bool map_head_read(struct map_head *head, int fd, struct problem *problem);

/* Is it an ELF file, but of another class, byte order or machine? A search passes such a one over.
 */
bool map_head_foreign(const struct map_head *head);

/* Maps the file and fills what object.h says. `program`: it may be linked at fixed addresses
 * (ET_EXEC). `size`: of the file, bytes. false: *problem, nothing stays mapped. */
bool object_map(struct object *object, int fd, const struct map_head *head, uint64_t size,
                bool program, uintptr_t *entry, struct problem *problem);

/* mprotect(2) of whole pages. false: *problem, without the object's name. */
bool map_protect(uintptr_t start, size_t size, int protection, struct problem *problem);

/* Undoes it. */
void object_unmap(struct object *object);

#endif
