/* An ELF image's headers: read, translated by libelf, and checked. */
#ifndef UEXEC_IMAGE_H
#define UEXEC_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem;

/* What PT_GNU_STACK asks of the stack (the kernel's EXSTACK_*). */
enum image_stack { IMAGE_STACK_DEFAULT, IMAGE_STACK_NOEXEC, IMAGE_STACK_EXEC };

struct image {
    /* filled by the caller of image_read() */
    const char *name;   /* as messages name it; not owned */
    int fd;             /* open for reading; owned by whoever opened it */
    uint64_t file_size; /* bytes */

    /* filled by image_read(), in host byte order */
    const char *head; /* the start of the file as it was passed in; not owned */
    size_t head_length;
    Elf64_Ehdr header;
    const Elf64_Phdr *phdr; /* header.e_phnum of them; from malloc, or NULL */

    /* filled by image_check() */
    const char *interpreter; /* PT_INTERP's path, from malloc; NULL: none */
    size_t interpreter_phdr; /* its program header */
    enum image_stack stack;
};

/* A section, for reports. */
struct image_section {
    const char *name;
    Elf64_Shdr header; /* addresses are link-time */
};

/* What an image is used for decides two of the checks: an interpreter names none
 * itself, and a library needs no entry point. */
enum image_role { IMAGE_PROGRAM, IMAGE_INTERPRETER, IMAGE_LIBRARY };

/* Read the ELF header and the program headers of `image->fd`.  `head` is the
 * start of the file, `head_length` bytes that the caller has read already; it
 * must live as long as the image.
 * Everything that has to hold for the headers themselves to be readable is
 * checked here (gABI, "ELF Header").  false: *problem says what is wrong. */
bool image_read(struct image *image, const void *head, size_t head_length, struct problem *problem);

/* Check all of the program headers (gABI, "Program Header"; and what the
 * kernel's binfmt_elf demands), read PT_INTERP's string, note PT_GNU_STACK.
 * After it, sums of an entry's fields need no further check. */
bool image_check(struct image *image, enum image_role role, struct problem *problem);

/* All sections in the file's order, the empty and the unmapped ones too: section.h tells
 * which are in a segment.  libelf reads them; an image whose section headers are absent or
 * damaged runs all the same, so the answer is then none.  Returns the count; *out is from
 * malloc. */
size_t image_sections(const struct image *image, struct image_section **out);

/* The name of a p_type ("LOAD"), of a machine ("AArch64"); NULL: not known. */
const char *image_type_name(uint32_t type);
const char *image_machine_name(uint16_t machine);

#endif
