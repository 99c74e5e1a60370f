/* fields.c - see fields.h. Both classes have the same fields; only order and size differ. */
#include "fields.h"

#include <elf.h>
#include <string.h>

#define PART(structure, name)                                                                      \
    {                                                                                              \
        offsetof(structure, name), sizeof(((structure *)0)->name)                                  \
    }
#define EHDR(name)                                                                                 \
    {                                                                                              \
#name, PART(Elf64_Ehdr, name), PART(Elf32_Ehdr, name)                                      \
    }
#define PHDR(name)                                                                                 \
    {                                                                                              \
#name, PART(Elf64_Phdr, name), PART(Elf32_Phdr, name)                                      \
    }
#define IDENT(name, index)                                                                         \
    {                                                                                              \
        name, {index, 1},                                                                          \
        {                                                                                          \
            index, 1                                                                               \
        }                                                                                          \
    }

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "field_get and field_set copy the low bytes of a number first");

static const struct field ehdr_table[] = {
    IDENT("ei_mag0", EI_MAG0),
    IDENT("ei_mag1", EI_MAG1),
    IDENT("ei_mag2", EI_MAG2),
    IDENT("ei_mag3", EI_MAG3),
    IDENT("ei_class", EI_CLASS),
    IDENT("ei_data", EI_DATA),
    IDENT("ei_version", EI_VERSION),
    IDENT("ei_osabi", EI_OSABI),
    IDENT("ei_abiversion", EI_ABIVERSION),
    EHDR(e_type),
    EHDR(e_machine),
    EHDR(e_version),
    EHDR(e_entry),
    EHDR(e_phoff),
    EHDR(e_shoff),
    EHDR(e_flags),
    EHDR(e_ehsize),
    EHDR(e_phentsize),
    EHDR(e_phnum),
    EHDR(e_shentsize),
    EHDR(e_shnum),
    EHDR(e_shstrndx),
};

static const struct field phdr_table[] = {
    [P_TYPE] = PHDR(p_type),   [P_FLAGS] = PHDR(p_flags), [P_OFFSET] = PHDR(p_offset),
    [P_VADDR] = PHDR(p_vaddr), [P_PADDR] = PHDR(p_paddr), [P_FILESZ] = PHDR(p_filesz),
    [P_MEMSZ] = PHDR(p_memsz), [P_ALIGN] = PHDR(p_align),
};

const struct fields ehdr_fields = {
    ehdr_table,
    COUNT(ehdr_table),
    sizeof(Elf64_Ehdr),
    sizeof(Elf32_Ehdr),
};
const struct fields phdr_fields = {
    phdr_table,
    COUNT(phdr_table),
    sizeof(Elf64_Phdr),
    sizeof(Elf32_Phdr),
};

const struct field *field_find(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        const char *full = fields->field[i].name;

        if (strcmp(full, name) == 0 || strcmp(strchr(full, '_') + 1, name) == 0)
            return &fields->field[i];
    }
    return NULL;
}

void field_set(const struct field *field, void *header, uint64_t value)
{
    memcpy((char *)header + field->wide.at, &value, field->wide.size);
}

static uint64_t field_get(const struct field *field, const void *header)
{
    uint64_t value = 0;

    memcpy(&value, (const char *)header + field->wide.at, field->wide.size);
    return value;
}

void header_encode(const struct fields *fields, const void *header, bool narrow, bool big,
                   unsigned char *bytes)
{
    memset(bytes, 0, narrow ? fields->narrow : fields->wide);
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->field[i];
        size_t at = narrow ? field->narrow.at : field->wide.at;
        size_t size = narrow ? field->narrow.size : field->wide.size;
        uint64_t value = field_get(field, header);

        for (size_t byte = 0; byte < size; byte++, value >>= 8)
            bytes[at + (big ? size - 1 - byte : byte)] = (unsigned char)value;
    }
}
