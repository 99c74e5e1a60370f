/* fields.h - the fields of ELF headers by name, and headers as the bytes of either class. */
#ifndef ELFGEN_FIELDS_H
#define ELFGEN_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field {
    const char *name; /* as in elf(5): e_phnum, p_vaddr; bytes of e_ident: ei_class */
    struct {
        unsigned char at, size; /* bytes */
    } wide, narrow;             /* in class 64 (and in memory), in class 32 */
};

/* All fields of a kind of header. */
struct fields {
    const struct field *field;
    size_t count;
    size_t wide, narrow; /* size of the header in each class, bytes */
};

extern const struct fields ehdr_fields, phdr_fields;

/* Places in phdr_fields, which are also the bits of segment.given. */
enum { P_TYPE, P_FLAGS, P_OFFSET, P_VADDR, P_PADDR, P_FILESZ, P_MEMSZ, P_ALIGN };

/* Finds a field by its name, with or without the prefix (p_vaddr, vaddr); NULL if there is none. */
const struct field *field_find(const struct fields *fields, const char *name);

/* Sets a field of a header in memory (class 64). The value is cut to the field's size. */
void field_set(const struct field *field, void *header, uint64_t value);

/* Writes the header in memory at `header` to `bytes` in the class and byte order asked for. */
void header_encode(const struct fields *fields, const void *header, bool narrow, bool big,
                   unsigned char *bytes);

#endif
